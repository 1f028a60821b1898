interface Mount {
  readonly baseUrl: string;
  readonly template: string;
}

const PLACE = Symbol.for('fourlights.place');

/** A layer of the router, which remembers where it was last. */
export interface Placed {
  [PLACE]?: { readonly above: string; readonly own: string; readonly whole: string };
}

const ROOT: Mount = { baseUrl: '', template: '' };

/** Where one request is in the tree of routers: the mounts that it is inside of, and the last route it came to. */
export class Routing {
  readonly #mounts: Mount[] = [];
  #route: string | undefined = undefined;
  #failedIn: string | undefined = undefined;

  /**
   * Enters a layer without a route. `templateOf` names the part of the URL that it takes. The depth to leave by, or
   * `undefined` where the layer takes nothing: only what takes something is a mount.
   */
  enter(layer: Placed, baseUrl: string, templateOf: (path: string) => string): number | undefined {
    const above = this.#within(baseUrl);
    const template = templateOf(baseUrl.slice(above.baseUrl.length));
    if (template === '') return undefined;
    this.#route = undefined;
    return this.#mounts.push({ baseUrl, template: joinedAt(layer, above.template, template) }) - 1;
  }

  /** The mount at `depth` was left, by an error or for what comes next. */
  leave(depth: number, byError: boolean): void {
    if (byError) this.#failedIn ??= this.#mounts.at(-1)?.template;
    if (this.#mounts.length > depth) this.#mounts.length = depth;
  }

  atRoute(layer: Placed, baseUrl: string, template: string): void {
    this.#route = joinedAt(layer, this.#within(baseUrl).template, template) || '/';
  }

  /** The route, or else the mount that failed or answered, such as a folder of static files. */
  get template(): string | undefined {
    if (this.#route !== undefined) return this.#route;
    const mount = this.#failedIn ?? this.#mounts.at(-1)?.template;
    return mount === undefined || mount.endsWith('*') ? mount : `${mount}/*`;
  }

  /** A handler that goes on by `req.next` leaves its mount unseen; the concrete `baseUrl` tells that it no longer holds. */
  #within(baseUrl: string): Mount {
    for (let top = this.#mounts.at(-1); top !== undefined; top = this.#mounts.at(-1)) {
      if (baseUrl.startsWith(top.baseUrl)) return top;
      this.#mounts.pop();
    }
    return ROOT;
  }
}

/** Nearly every layer has one place: the same text each time, so that looking its series up hashes it once. */
function joinedAt(layer: Placed, above: string, own: string): string {
  const known = layer[PLACE];
  if (known !== undefined && known.above === above && known.own === own) return known.whole;
  const whole = joined(above, own);
  layer[PLACE] = { above, own, whole };
  return whole;
}

function joined(mount: string, template: string): string {
  if (mount === '') return template;
  return template === '/' || template === '' ? mount : mount + (template.startsWith('/') ? template : `/${template}`);
}

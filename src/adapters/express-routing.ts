interface Mount {
  readonly baseUrl: string;
  readonly template: string;
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
  enter(baseUrl: string, templateOf: (path: string) => string): number | undefined {
    const above = this.#within(baseUrl);
    const template = templateOf(baseUrl.slice(above.baseUrl.length));
    if (template === '') return undefined;
    this.#route = undefined;
    return this.#mounts.push({ baseUrl, template: joined(above.template, template) }) - 1;
  }

  /** The mount at `depth` was left, by an error or for what comes next. */
  leave(depth: number, byError: boolean): void {
    if (byError) this.#failedIn ??= this.#mounts.at(-1)?.template;
    if (this.#mounts.length > depth) this.#mounts.length = depth;
  }

  atRoute(baseUrl: string, template: string): void {
    this.#route = joined(this.#within(baseUrl).template, template) || '/';
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

function joined(mount: string, template: string): string {
  if (mount === '') return template;
  return template === '/' || template === '' ? mount : mount + (template.startsWith('/') ? template : `/${template}`);
}

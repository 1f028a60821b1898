import { type Layer, type LayeredRequest, mountTemplate, routeTemplate } from './express-layers.js';

/** A place in the tree of routers: the part of the URL that it takes, as sent and as a template. */
export interface Mount {
  readonly baseUrl: string;
  readonly template: string;
  readonly above: Mount | undefined;
}

interface Route {
  readonly above: string;
  readonly own: string;
  readonly whole: string;
}

const MOUNT = Symbol('fourlights.mount');
const ROUTE = Symbol('fourlights.route');

/** A layer remembers where it was last: nearly every layer has one place, and making it anew takes a microsecond. */
type Remembering = Layer & { [MOUNT]?: Mount; [ROUTE]?: Route };

const ROOT: Mount = { baseUrl: '', template: '', above: undefined };

/** Where one request is in the tree of routers: the mounts that it is inside of, and the last route it came to. */
export class Routing {
  #inside: Mount = ROOT;
  #route: string | undefined = undefined;
  #failedIn: string | undefined = undefined;

  /** Enters a layer without a route. `undefined` where it takes nothing of the URL: only what takes something is a mount. */
  enter(layer: Layer, baseUrl: string, request: LayeredRequest): Mount | undefined {
    const mount = mountAt(layer, this.#within(baseUrl), baseUrl, request);
    if (mount === undefined) return undefined;
    this.#route = undefined;
    this.#inside = mount;
    return mount;
  }

  /** The mount was left, by an error or for what comes next. */
  leave(mount: Mount, byError: boolean): void {
    if (byError && this.#inside !== ROOT) this.#failedIn ??= this.#inside.template;
    for (let at: Mount | undefined = this.#inside; at !== undefined; at = at.above) {
      if (at !== mount) continue;
      this.#inside = mount.above ?? ROOT;
      return;
    }
  }

  atRoute(layer: Layer, baseUrl: string, request: LayeredRequest): void {
    this.#route = routeAt(layer, this.#within(baseUrl).template, request);
  }

  /** The route, or else the mount that failed or answered, such as a folder of static files. */
  get template(): string | undefined {
    if (this.#route !== undefined) return this.#route;
    const mount = this.#failedIn ?? (this.#inside === ROOT ? undefined : this.#inside.template);
    return mount === undefined || mount.endsWith('*') ? mount : `${mount}/*`;
  }

  /** A handler that goes on by `req.next` leaves its mount unseen; the concrete `baseUrl` tells that it no longer holds. */
  #within(baseUrl: string): Mount {
    while (!baseUrl.startsWith(this.#inside.baseUrl)) this.#inside = this.#inside.above ?? ROOT;
    return this.#inside;
  }
}

function mountAt(layer: Remembering, above: Mount, baseUrl: string, request: LayeredRequest): Mount | undefined {
  const known = layer[MOUNT];
  if (known !== undefined && known.above === above && known.baseUrl === baseUrl) return known;
  const own = mountTemplate(layer, baseUrl.slice(above.baseUrl.length), request);
  if (own === '') return undefined;
  const mount = { baseUrl, template: joined(above.template, own), above };
  if (typeof layer.rawPath === 'string') layer[MOUNT] = mount; // of several patterns another may match the next time
  return mount;
}

/** The same text each time, so that looking its series up hashes it once. */
function routeAt(layer: Remembering, above: string, request: LayeredRequest): string {
  const own = routeTemplate(layer, request);
  const known = layer[ROUTE];
  if (known !== undefined && known.above === above && known.own === own) return known.whole;
  const whole = joined(above, own) || '/';
  layer[ROUTE] = { above, own, whole };
  return whole;
}

function joined(mount: string, template: string): string {
  if (mount === '') return template;
  return template === '/' || template === '' ? mount : mount + (template.startsWith('/') ? template : `/${template}`);
}

interface Mount {
  readonly baseUrl: string;
  readonly template: string;
}

const ROOT: Mount = { baseUrl: '', template: '' };

/** Where one request is in the tree of routers. The concrete `baseUrl` tells which mounts still hold. */
export class Routing {
  readonly #mounts: Mount[] = [];
  #route: string | undefined = undefined;

  leaveAll(): void {
    this.#mounts.length = 0;
  }

  /** In a layer without a route: a mount, which `templateOf` names by the part of the URL that it takes, or none. */
  inside(baseUrl: string, templateOf: (path: string) => string): void {
    const at = this.#mounts.findLastIndex((mount) => mount.baseUrl.length < baseUrl.length && isUnder(baseUrl, mount));
    const above = this.#mounts[at] ?? ROOT;
    const template = templateOf(baseUrl.slice(above.baseUrl.length));
    if (template === '') {
      this.#under(baseUrl);
      return;
    }
    this.#mounts.length = at + 1;
    this.#mounts.push({ baseUrl, template: joined(above.template, template) });
    this.#route = undefined;
  }

  atRoute(baseUrl: string, template: string): void {
    this.#route = joined(this.#under(baseUrl).template, template) || '/';
  }

  /**
   * The route, or else the mount that the request last was in, such as a folder of static files. With a `baseUrl`,
   * which Express resets where nothing answers, only a mount that still holds.
   */
  read(baseUrl: string | undefined): string | undefined {
    if (this.#route !== undefined) return this.#route;
    const { template } = baseUrl === undefined ? (this.#mounts.at(-1) ?? ROOT) : this.#under(baseUrl);
    if (template === '') return undefined;
    return template.endsWith('*') ? template : `${template}/*`;
  }

  /** Leaves the mounts that `baseUrl` is no longer under; the last of those that are left. */
  #under(baseUrl: string): Mount {
    for (let top = this.#mounts.at(-1); top !== undefined; top = this.#mounts.at(-1)) {
      if (isUnder(baseUrl, top)) return top;
      this.#mounts.pop();
    }
    return ROOT;
  }
}

function isUnder(baseUrl: string, mount: Mount): boolean {
  const { length } = mount.baseUrl;
  return baseUrl.startsWith(mount.baseUrl) && (baseUrl.length === length || baseUrl[length] === '/');
}

function joined(mount: string, template: string): string {
  if (mount === '') return template;
  return template === '/' || template === '' ? mount : mount + (template.startsWith('/') ? template : `/${template}`);
}

interface Needed {
  /** The function that was called. */
  readonly by: string;
  /** The package that makes such objects, with the line of it that is known to work. */
  readonly peer: string;
  /** What must be there of it. */
  readonly methods: readonly string[];
}

/**
 * Throws a TypeError unless `client` has the methods that are used of it. It is what an application without the optional
 * peer meets, when it builds and not at a check. What came is told by its type alone: keys are often what came.
 */
export function needsClient(client: unknown, { by, peer, methods }: Needed): void {
  const found = client as Readonly<Record<string, unknown>> | null | undefined;
  const missing = methods.filter((name) => typeof found?.[name] !== 'function');
  if (missing.length === 0) return;
  const came = client === null ? 'null' : typeof client;
  const without =
    came === 'object' || came === 'function' ? ` without ${missing.map((name) => `${name}()`).join(', ')}` : '';
  const name = peer.slice(0, peer.lastIndexOf('@'));
  throw new TypeError(`fourlights: ${by} needs an object made by ${name}, got ${came}${without}: npm install ${peer}`);
}

/** What is used of it; it brings no types. */
declare module 'autocannon' {
  interface Asked {
    path?: string;
  }
  interface Options {
    readonly url: string;
    readonly connections: number;
    readonly duration: number;
    readonly overallRate: number;
    readonly requests?: readonly { readonly setupRequest: (request: Asked) => Asked }[];
  }
  interface Result {
    readonly requests: { readonly total: number };
    /** Milliseconds. */
    readonly latency: { readonly p99: number };
    readonly non2xx: number;
    readonly errors: number;
  }
  function autocannon(options: Options): Promise<Result> & { stop(): void };
  export = autocannon;
}

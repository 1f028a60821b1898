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
    readonly requests: readonly { readonly setupRequest: (request: Asked) => Asked }[];
  }
  function autocannon(options: Options): Promise<object> & { stop(): void };
  export = autocannon;
}

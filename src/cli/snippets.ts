/** What someone writes to be observed: imports as `[what, from]`, and the lines after them. */
export interface Snippet {
  readonly imports: readonly (readonly [what: string, from: string])[];
  readonly code: (service: string) => string;
}

/** By the package that tells the framework; the last is for all others. */
export const snippets = {
  express: {
    imports: [
      ['express', 'express'],
      ['{ log, observe }', 'fourlights'],
      ['{ goldenSignals }', 'fourlights/express'],
    ],
    code: (service) => `observe({ service: ${text(service)} });

const app = express();
app.use(goldenSignals());
app.get('/hello/:name', (req, res) => {
  log.info({ name: req.params.name }, 'greeted');
  res.json({ hello: req.params.name });
});
app.listen(Number(process.env.PORT ?? 3000));
`,
  },
  koa: {
    imports: [
      ['Koa', 'koa'],
      ['{ log, observe }', 'fourlights'],
      ['{ goldenSignals }', 'fourlights/koa'],
    ],
    code: (service) => `observe({ service: ${text(service)} });

const app = new Koa();
app.use(goldenSignals());
app.use((ctx) => {
  log.info({ path: ctx.path }, 'greeted');
  ctx.body = { hello: 'world' };
});
app.listen(Number(process.env.PORT ?? 3000));
`,
  },
  fastify: {
    imports: [
      ['Fastify', 'fastify'],
      ['{ log, observe }', 'fourlights'],
      ['{ goldenSignals }', 'fourlights/fastify'],
    ],
    code: (service) => `observe({ service: ${text(service)} });

const app = Fastify();
app.register(goldenSignals());
app.get('/hello/:name', async (request) => {
  log.info({ name: request.params.name }, 'greeted');
  return { hello: request.params.name };
});
app.listen({ port: Number(process.env.PORT ?? 3000) });
`,
  },
  'node:http': {
    imports: [
      ['{ createServer }', 'node:http'],
      ['{ log, observe }', 'fourlights'],
    ],
    code: (service) => `observe({ service: ${text(service)} });

// Every http, https and http2 server of the process is observed by itself, whatever framework stands on it.
const server = createServer((req, res) => {
  log.info({ method: req.method }, 'greeted');
  res.end('hello');
});
server.listen(Number(process.env.PORT ?? 3000));
`,
  },
} as const satisfies Readonly<Record<string, Snippet>>;

export type Framework = keyof typeof snippets;

export function frameworkOf(dependencies: readonly string[]): Framework {
  const known = Object.keys(snippets) as Framework[];
  return known.find((name) => dependencies.includes(name)) ?? 'node:http';
}

/** The whole program, as an ES module or as CommonJS. */
export function program({ imports, code }: Snippet, service: string, module: 'esm' | 'commonjs'): string {
  const lines = imports.map(([what, from]) =>
    module === 'esm' ? `import ${what} from '${from}';` : `const ${what} = require('${from}');`,
  );
  return `${lines.join('\n')}\n\n${code(service)}`;
}

/** In single quotes, whatever is in it. */
function text(value: string): string {
  return `'${JSON.stringify(value).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

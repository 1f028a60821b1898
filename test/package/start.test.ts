import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { certificate } from '../support/certificate.js';
import { jsonLines, root, run } from './program.js';

const LOADED =
  'process.moduleLoadList.filter((name) => /NativeModule (https|tls|internal\\/deps\\/undici\\/undici)$/.test(name))';

test('to import, to observe and to answer over plain http loads neither TLS nor undici', async () => {
  const { stdout, stderr } = await run(`
    import { observe, signals } from 'fourlights';
    observe({ service: 'plain', traces: false, log: { accessLog: false } });
    const [http, net] = ['http', 'net'].map((name) => process.getBuiltinModule(name));
    const server = http.createServer((request, response) => response.end('ok')).listen(0, '127.0.0.1', () => {
      const client = net.connect(server.address().port, '127.0.0.1', () => client.write('GET / HTTP/1.0\\r\\n\\r\\n'));
      client.resume().on('close', () => {
        server.close();
        const { traffic, saturation } = signals.snapshot();
        const probed = 'http-agent' in saturation.resources;
        console.log(JSON.stringify({ total: traffic.total, probed, loaded: ${LOADED} }));
      });
    });`);
  expect(stderr).toBe('');
  expect(jsonLines(stdout)).toEqual([{ total: 1, probed: true, loaded: [] }]);
});

test('https that is loaded after observe() is observed, its server and its agent', async () => {
  const { stdout, stderr } = await run(`
    import { observe, signals } from 'fourlights';
    observe({ service: 'late', traces: false, log: { accessLog: false } });
    const before = ${LOADED};
    const https = process.getBuiltinModule('https');
    https.globalAgent.maxSockets = 4;
    const server = https.createServer(${JSON.stringify(certificate)}, (request, response) => response.end('ok'));
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      https.get({ host: '127.0.0.1', port, rejectUnauthorized: false }, (response) => {
        response.resume().on('close', () => {
          server.close();
          const { traffic, saturation } = signals.snapshot();
          console.log(JSON.stringify({ before, total: traffic.total, agent: saturation.resources['http-agent'] }));
        });
      });
    });`);
  expect(stderr).toBe('');
  expect(jsonLines(stdout)).toMatchObject([{ before: [], total: 1, agent: { readings: { max_count: 4 } } }]);
});

/** Built files that one of them imports when it is loaded. */
function importsOf(file: string): string[] {
  const text = readFileSync(join(root, 'dist', file), 'utf8');
  return [...text.matchAll(/^(?:import|export|\}).*["']\.\/([^"']+)["'];$/gm)].map(([, name]) => String(name));
}

test('behind the ES module of the library is one file, and adapters need none of it', () => {
  const [rest, ...more] = importsOf('index.js');
  expect(rest).toMatch(/^chunk-/);
  expect(more).toEqual([]);
  expect(importsOf(String(rest))).toEqual([]);
  expect(importsOf('register.js')).toEqual([rest]);
  expect(['express.js', 'koa.js', 'fastify.js'].flatMap(importsOf)).toEqual([]);
});

import { expect } from 'vitest';
import { Collector } from '../../traces/export/collector.js';
import type { Fault, Group } from '../fault.js';
import { costOf } from '../sinks/load.js';
import { exchanged, head } from '../sinks/raw.js';

const secrets: Fault = {
  name: 'secrets in headers, queries, bodies, log fields, span attributes, errors, addresses and tokens',
  promise: 'none is seen in logs, notices, spans, metrics, the status page or its JSON',
  goals: [1, 7],
  async run(scene) {
    const collector = scene.later(await new Collector().listen(), (each) => each.close());
    const canary = (name: string): string => `CANARY-${name.replace(/[^a-z]/gi, '')}-9f3b`;
    const host = await scene.host({
      argument: {
        endpoint: collector.url.replace('//', `//${canary('user')}:${canary('userpassword')}@`),
        token: canary('admintoken'),
      },
      options: ({ argument: { endpoint, token } }) => ({
        traces: {
          endpoint: `${endpoint}/v1/traces?key=CANARY-endpointkey-9f3b`,
          headers: { authorization: 'Bearer CANARY-exporterheader-9f3b' },
        },
        admin: { port: 0, token },
        log: { redact: ['iban'] },
        flags: {
          source: 'http://CANARY-flagsuser-9f3b:CANARY-flagspass-9f3b@127.0.0.1:1/flags?key=CANARY-flagskey-9f3b',
        },
        alerts: { sinks: [{ to: 'webhook', url: 'http://127.0.0.1:1/CANARY-hookpath-9f3b?t=CANARY-hookquery-9f3b' }] },
      }),
    });
    const names = [
      ...[
        'authorization',
        'proxy-authorization',
        'cookie',
        'x-api-key',
        'x-auth-token',
        'x-csrf-token',
        'x-amz-security-token',
      ],
      ...[
        'x-forwarded-authorization',
        'x-secret',
        'x-session',
        'referer',
        'x-access-token',
        'x-goog-iap-jwt-assertion',
      ],
    ];
    const queries = ['password', 'token', 'key', 'secret', 'code', 'state', 'sig', 'access_token', 'session'];
    const query = queries.map((name) => `${name}=${canary(`query${name}`)}`).join('&');
    const headers = Object.fromEntries(names.map((name) => [name, canary(`header${name}`)]));
    for (const path of ['/ok', '/work', '/throw', '/nowhere']) await host.get(`${path}?${query}`, { headers });
    await host.get(
      '/json',
      { method: 'POST', headers: { ...headers, 'content-type': 'application/json' } },
      JSON.stringify({ password: canary('body') }),
    );
    const fields = [
      'password',
      'token',
      'secret',
      'apiKey',
      'api_key',
      'authorization',
      'cookie',
      'iban',
      'accessToken',
      'clientSecret',
      'set-cookie',
      'refresh_token',
      'privateKey',
      'passwd',
    ];
    await host.run(
      ({ lib, argument: { fields, canaries } }) => {
        fields.forEach((name, i) => {
          lib.log.info({ [name]: canaries[i] }, 'flat');
          lib.log.info({ deep: { list: [{ [name]: canaries[i] }] } }, 'deep');
          lib.log.error(
            { err: Object.assign(new Error('failed'), { config: { headers: { [name]: canaries[i] } } }) },
            'error',
          );
        });
      },
      { fields, canaries: fields.map((name) => canary(`field${name}`)) },
    );
    const pages = await host.run(async ({ observability, argument: token }) => {
      const base = `http://127.0.0.1:${await observability.admin.port}`;
      const texts: string[] = [];
      for (const path of [
        '/',
        '/metrics',
        '/readyz',
        '/api/health',
        '/api/snapshot',
        '/api/requests',
        '/api/routes',
        '/api/log',
        '/api/flags',
        '/api/configuration',
        '/api/alerts',
        '/api/dependencies',
        '/verdict',
      ]) {
        const control = new AbortController();
        setTimeout(() => control.abort(), 1500);
        try {
          const answer = await fetch(base + path, {
            headers: { authorization: `Bearer ${token}` },
            signal: control.signal,
          });
          texts.push(await answer.text());
        } catch {} // a stream of lines goes on for ever
      }
      return texts;
    }, canary('admintoken'));
    await host.run(({ observability }) => observability.traces.flush());
    const sent = collector.requests.map(({ body, headers }) => `${headers['content-encoding'] === 'gzip' ? '' : body}`);
    const seen = [host.stdout, host.stderr, ...pages, ...sent].flatMap(
      (text) => text.match(/CANARY-[a-z]*-9f3b/gi) ?? [],
    );
    expect([...new Set(seen)]).toEqual([]);
    expect(collector.spanIds.length).toBeGreaterThan(0);
    const planted = names.length + queries.length + fields.length + 11 + 4;
    return {
      text: `${planted} canaries planted, ${seen.length} seen in ${pages.length} pages, ${collector.requests.length} exports and ${host.lines().length} lines`,
      measured: { secretsSeen: seen.length, secretsPlanted: planted },
    };
  },
};

const trust: Fault = {
  name: 'a client that asks for every request to be recorded, all in a trace of its choice',
  promise: 'sampled at the configured rate all the same',
  goals: [1, 9],
  async run(scene) {
    const [count, ratio, trace] = [scene.long ? 50_000 : 3000, 0.05, '0af7651916cd43dd8448eb211c80319c'];
    const host = await scene.host({
      options: () => ({
        traces: { ratio: 0.05, keep: false, exporter: { export: (_spans, done) => done({ code: 0 }) } },
        log: { accessLog: false },
      }),
    });
    const batch = 50;
    const ended = (): Promise<number> => host.run(({ observability }) => observability.traces.ledger().ended);
    for (let sent = 0; sent < count; sent += batch) {
      const requests = Array.from({ length: batch }, () =>
        head('GET /ok HTTP/1.1', `traceparent: 00-${trace}-b7ad6b7169203331-01`),
      );
      await exchanged(host.port, requests.join(''), batch);
    }
    const inOneTrace = await ended();
    for (let sent = 0; sent < count; sent += batch) {
      const requests = Array.from({ length: batch }, () => {
        const id = Array.from({ length: 4 }, () =>
          Math.floor(Math.random() * 2 ** 32)
            .toString(16)
            .padStart(8, '0'),
        ).join('');
        return head('GET /ok HTTP/1.1', `traceparent: 00-${id}-b7ad6b7169203331-01`);
      });
      await exchanged(host.port, requests.join(''), batch);
    }
    const share = ((await ended()) - inOneTrace) / count;
    const off = 100 * Math.abs(share - ratio);
    expect(inOneTrace).toBe(0); // this trace ID is beyond the ratio, whatever the client says
    expect(off).toBeLessThan(2);
    return {
      text: `of ${count} requests in one trace of the client's ${inOneTrace} recorded; of ${count} in traces of their own ${(100 * share).toFixed(2)} %, at a ratio of 5 %`,
      measured: { spansUnderForeignTrace: inOneTrace, rateOffShare: off },
    };
  },
};

const cardinality: Fault = {
  name: 'URLs, methods, hosts and user agents without end',
  promise: 'series and heap do not grow with what clients send',
  goals: [1, 6],
  async run(scene) {
    const [total, batch] = [scene.long ? 1_000_000 : 20_000, 100];
    const host = await scene.host({
      node: ['--expose-gc'],
      options: () => ({ admin: { port: 0 }, log: { accessLog: false } }),
    });
    const heapMb = (): Promise<number> =>
      host.run(async ({ pause }) => {
        for (let i = 0; i < 4; i++) {
          globalThis.gc?.();
          await pause(50);
        }
        return process.memoryUsage().heapUsed / 2 ** 20;
      });
    let next = 0;
    const flood = async (until: number): Promise<void> => {
      const client = async (): Promise<void> => {
        while (next < until) {
          const from = next;
          next += batch;
          const lines = Array.from({ length: batch }, (_, i) =>
            head(`GET /${from + i}/x?${i} HTTP/1.1`, `User-Agent: ua-${from + i}`, `x-request-id: r-${from + i}`),
          );
          await exchanged(host.port, lines.join(''), batch, 60_000);
        }
      };
      await Promise.all(Array.from({ length: 8 }, client));
    };
    await flood(5000);
    const before = await heapMb();
    await flood(5000 + total);
    const grown = (await heapMb()) - before;
    const scrape = await host.run(async ({ observability }) => {
      const port = await observability.admin.port;
      const times: number[] = [];
      let bytes = 0;
      for (let i = 0; i < 5; i++) {
        const began = performance.now();
        bytes = (await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()).length;
        times.push(performance.now() - began);
      }
      return { bytes, ms: Math.min(...times) };
    });
    expect(grown).toBeLessThan(5);
    expect(scrape.bytes).toBeLessThan(2 ** 20);
    return {
      text: `${total} distinct URLs, IDs and agents: heap +${grown.toFixed(1)} MiB, /metrics ${Math.round(scrape.bytes / 1024)} KiB in ${scrape.ms.toFixed(0)} ms`,
      measured: { labelValues: total, labelHeapMb: grown, scrapeKb: scrape.bytes / 1024, scrapeMs: scrape.ms },
    };
  },
};

const admin: Fault = {
  name: 'a stranger at the admin port: every path without a token, and malformed request lines',
  promise: 'the three probes of orchestrators answer, and nothing else does; nothing crashes',
  goals: [1, 15],
  async run(scene) {
    const host = await scene.host({ options: () => ({ admin: { port: 0, token: 'a token of some length' } }) });
    const port = await host.run(({ observability }) => observability.admin.port);
    const paths = [
      '/',
      '/metrics',
      '/livez',
      '/readyz',
      '/startupz',
      '/verdict',
      '/api',
      '/v1/traces',
      '/app.js',
      '/index.html',
      '/debug',
      '/heapdump',
      '/env',
    ];
    for (const name of [
      'health',
      'snapshot',
      'requests',
      'routes',
      'log',
      'flags',
      'configuration',
      'alerts',
      'dependencies',
      'rollouts',
      'saturation',
      'history',
      'moment',
    ])
      paths.push(`/api/${name}`);
    const open: string[] = [];
    for (const path of paths) {
      for (const method of ['GET', 'POST', 'DELETE']) {
        const { status } = await host.get(path, { port: port as number, method });
        if (status < 300) open.push(`${method} ${path}`);
      }
    }
    expect(new Set(open.map((each) => each.split(' ')[1]))).toEqual(new Set(['/livez', '/readyz', '/startupz']));
    const total = scene.long ? 100_000 : 2000;
    const odd = [
      'http://[',
      '//',
      '%',
      '*',
      '/%00',
      '/..%2f',
      '?',
      '/\u00ff',
      'a',
      `/${'x'.repeat(8000)}`,
      '/#',
      '/;',
      '/api/%zz',
      'http://a@b:c/',
    ];
    let sent = 0;
    const client = async (): Promise<void> => {
      while (sent < total) {
        const path = `${odd[sent % odd.length]}${sent % 7 === 0 ? String.fromCharCode(128 + (sent % 127)) : ''}`;
        sent += 20;
        await exchanged(port as number, Buffer.from(head(`GET ${path} HTTP/1.1`).repeat(20), 'latin1'), 20, 3000);
      }
    };
    await Promise.all(Array.from({ length: 8 }, client));
    expect((await host.get('/livez', { port: port as number, agent: false })).status).toBe(200);
    return {
      text: `${paths.length} paths: open are ${[...new Set(open.map((each) => each.split(' ')[1]))].join(' and ')}; ${sent} malformed lines, 0 crashes`,
      measured: { openPaths: 3, malformed: sent },
      beyond: '/startupz is a probe of orchestrators as well, and says as little as the other two',
    };
  },
};

const breach: Fault = {
  name: 'a guarded variant that fails half of its requests',
  promise: 'taken back within two looks at the evidence',
  goals: [1, 16],
  async run(scene) {
    const host = await scene.host({
      options: ({ lib }) => ({
        flags: { source: lib.flagSources.memory({ flags: { broken: { rollout: 0 } } }) },
        rollouts: { plans: { broken: { stages: [50, 100], minHold: 1, metrics: ['errors'] } }, intervalMs: 1000 },
        log: { accessLog: false },
      }),
    });
    await host.run(({ lib, server, kept }) => {
      let user = 0;
      const { createServer } = process.getBuiltinModule('node:http');
      const shop = createServer((_request, response) => {
        const fresh = lib.flags.boolean('broken', false, { targetingKey: `user ${user++}` });
        response.writeHead(fresh && user % 2 === 0 ? 500 : 200).end();
      }).listen(0, '127.0.0.1');
      server.on('close', () => shop.close());
      kept['shop'] = shop;
    });
    const port = await host.run(async ({ kept, pause }) => {
      await pause(50);
      return ((kept['shop'] as import('node:http').Server).address() as { port: number }).port;
    });
    const began = performance.now();
    let rolledBackMs = 0;
    while (rolledBackMs === 0 && performance.now() - began < 60_000) {
      await exchanged(port, head('GET / HTTP/1.1').repeat(50), 50);
      const [state] = await host.run(({ observability }) => observability.rollouts.states());
      if (state?.status === 'rolled_back') rolledBackMs = performance.now() - began;
    }
    expect(rolledBackMs).toBeGreaterThan(0);
    await host.run(({ kept }) => void (kept['shop'] as import('node:http').Server).close());
    return {
      text: `taken back ${(rolledBackMs / 1000).toFixed(1)} s after the first request, with a look each second`,
      measured: { windowsToAct: Math.ceil(rolledBackMs / 1000) },
      beyond: 'the first look only begins to count, and evidence must have come in before the next',
    };
  },
};

const overhead: Fault = {
  name: 'everything on, beside the same service without the library',
  promise: 'CPU per request stays small',
  goals: [13],
  async run(scene) {
    const { seconds, rounds } = scene.long ? { seconds: 10, rounds: 5 } : { seconds: 2, rounds: 1 };
    const collector = scene.later(await new Collector().listen(), (each) => each.close());
    const bare = await scene.host({ bare: true });
    const ours = await scene.host({
      argument: collector.url,
      options: ({ argument }) => ({
        traces: { endpoint: argument, ratio: 0.05 },
        admin: { port: 0 },
        log: { destination: '/dev/null' },
      }),
    });
    for (const host of [bare, ours]) await costOf(host, '/ok', { seconds: 3, rate: 1000 });
    const added: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const [without, withUs] = [
        await costOf(bare, '/ok', { seconds, rate: 1000 }),
        await costOf(ours, '/ok', { seconds, rate: 1000 }),
      ];
      added.push(withUs.cpuUs - without.cpuUs);
    }
    const median = added.toSorted((a, b) => a - b)[added.length >> 1] ?? 0;
    return {
      text: `${Math.round(median)} us added per request, median of ${rounds} rounds (${added.map(Math.round).join(', ')})`,
      measured: { overheadUs: median },
    };
  },
};

export const guarantees: Group = { name: 'guarantees', faults: [secrets, trust, cardinality, admin, breach, overhead] };

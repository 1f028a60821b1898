import { gunzipSync } from 'node:zlib';
import { expect } from 'vitest';
import { Collector } from '../../../traces/export/collector.js';
import type { Fault } from '../../fault.js';

/** What stands in the options below, which cannot see this side. */
const OF_OPTIONS = ['endpointkey', 'exporterheader', 'flagsuser', 'flagspass', 'flagskey', 'hookpath', 'hookquery'].map(
  (name) => `CANARY-${name}-9f3b`,
);

export const secrets: Fault = {
  name: 'secrets in headers, queries, bodies, log fields, span attributes, errors, addresses and tokens',
  promise: 'none is seen in logs, notices, spans, metrics, the status page or its JSON',
  goals: [1, 7],
  async run(scene) {
    const collector = scene.later(await new Collector().listen(), (each) => each.close());
    const planted = new Set(OF_OPTIONS);
    const canary = (name: string): string => {
      const text = `CANARY-${name.replace(/[^a-z]/gi, '')}-9f3b`;
      planted.add(text);
      return text;
    };
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
        'x-vault-token',
        'x-gitlab-token',
        'x-hub-signature',
        'x-shopify-access-token',
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
    const sent = collector.requests.map(({ body, headers: { 'content-encoding': encoding } }) =>
      String(encoding === 'gzip' ? gunzipSync(body) : body),
    );
    const seen = [host.stdout, host.stderr, ...pages, ...sent].flatMap(
      (text) => text.match(/CANARY-[a-z]*-9f3b/gi) ?? [],
    );
    expect([...new Set(seen)]).toEqual([]);
    expect(collector.spanIds.length).toBeGreaterThan(0);
    return {
      text: `${planted.size} canaries planted, ${seen.length} seen in ${pages.length} pages, ${collector.requests.length} exports and ${host.lines().length} lines`,
      measured: { secretsSeen: seen.length, secretsPlanted: planted.size },
    };
  },
};

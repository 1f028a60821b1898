import { once } from 'node:events';
import http, { type ClientRequest, type IncomingMessage } from 'node:http';
import https from 'node:https';
import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import axios from 'axios';
import got from 'got';
import nodeFetch from 'node-fetch';
import * as undici from 'undici';

/** One way to call a URL, to the end of the answer. */
export type Call = (url: string) => Promise<unknown>;

/** The functions as a program has them that imported them by name before anything was observed. */
const { get, request } = http;
const earlyFetch = globalThis.fetch;

const POST = { method: 'POST' };
const insecure = { rejectUnauthorized: false };

async function answered(outgoing: ClientRequest): Promise<void> {
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  await once(response.resume(), 'end');
}

async function continued(outgoing: ClientRequest): Promise<void> {
  outgoing.on('continue', () => outgoing.end('body'));
  await answered(outgoing);
}

const ended = (outgoing: ClientRequest): Promise<void> => answered(outgoing.end());

function parts(url: string): { host: string; port: string; path: string } {
  const { hostname, port, pathname } = new URL(url);
  return { host: hostname, port, path: pathname };
}

const drained = async ({ body }: undici.Dispatcher.ResponseData): Promise<string> => body.text();
const text = async (response: { text(): Promise<string> }): Promise<string> => response.text();

export const plainCalls: Readonly<Record<string, Call>> = {
  fetch: async (url) => text(await fetch(url)),
  'fetch that was taken before': async (url) => text(await earlyFetch(url)),
  'fetch with a Request': async (url) => text(await fetch(new Request(url, { headers: { a: 'b' } }))),
  'fetch with a body': async (url) => text(await fetch(url, { ...POST, body: 'body' })),
  'fetch with a streamed body': async (url) => {
    const body = new Blob(['a', 'b']).stream();
    return text(await fetch(url, { ...POST, body, duplex: 'half' }));
  },
  'undici.fetch': async (url) => text(await undici.fetch(url)),
  'undici.request': async (url) => drained(await undici.request(url)),
  'undici.request with a flat array': async (url) => drained(await undici.request(url, { headers: ['a', 'b'] })),
  'undici.request with a body': async (url) => drained(await undici.request(url, { ...POST, body: 'body' })),
  'undici.stream': (url) =>
    undici.stream(
      url,
      { method: 'GET', opaque: null },
      () => new Writable({ write: (_chunk, _encoding, done) => done() }),
    ),
  'undici Pool': async (url) => {
    const { origin, pathname } = new URL(url);
    const pool = new undici.Pool(origin, { connections: 1 });
    await drained(await pool.request({ path: pathname, method: 'GET' }));
    return pool.close();
  },
  'undici Client': async (url) => {
    const { origin, pathname } = new URL(url);
    const client = new undici.Client(origin);
    await drained(await client.request({ path: pathname, method: 'GET', headers: { a: 'b' } }));
    return client.close();
  },
  'undici Agent': async (url) => {
    const dispatcher = new undici.Agent();
    await drained(await undici.request(url, { dispatcher }));
    return dispatcher.close();
  },

  'http.get': (url) => answered(http.get(url)),
  'http.get that was taken before': (url) => answered(get(url)),
  'http.request that was taken before': (url) => ended(request(url)),
  'http.request with a URL': (url) => ended(http.request(new URL(url))),
  'http.request with options': (url) => ended(http.request({ ...parts(url), headers: { a: 'b' } })),
  'http.request with a hostname': (url) => {
    const { host, ...rest } = parts(url);
    return ended(http.request({ ...rest, hostname: host }));
  },
  'http.request with a URL and options': (url) => ended(http.request(url, { headers: { A: 'b' }, agent: false })),
  'http.request with a flat array': (url) => ended(http.request(url, { headers: ['host', 'x', 'a', 'b'] })),
  'http.request with an array of pairs': (url) =>
    ended(http.request(url, { headers: Object.entries({ host: 'x', a: 'b' }) as never })), // Node takes them, its types do not
  'http.request without a default header': (url) =>
    ended(http.request(url, { setHost: false, agent: false, headers: { host: 'x' } })),
  'http.request with setHeader': (url) => {
    const outgoing = http.request(url);
    outgoing.setHeader('a', 'b');
    return ended(outgoing);
  },
  'http.request with flushHeaders': async (url) => {
    const outgoing = http.request(url, POST);
    outgoing.flushHeaders();
    await new Promise(setImmediate);
    return ended(outgoing);
  },
  'http.request with a body': (url) => answered(http.request(url, POST).end('body')),
  'http.request with a body in pieces': (url) => {
    const outgoing = http.request(url, POST);
    outgoing.write('a');
    outgoing.write('b');
    return ended(outgoing);
  },
  'http.request with a stream': async (url) => {
    const outgoing = http.request(url, POST);
    await Promise.all([answered(outgoing), pipeline(Readable.from(['a', 'b']), outgoing)]);
  },
  'http.request with Expect': (url) =>
    continued(http.request(url, { ...POST, headers: { expect: '100-continue', 'content-length': 4 } })),
  'http.request with Expect in an array': (url) =>
    continued(http.request(url, { ...POST, headers: ['host', 'x', 'expect', '100-continue', 'content-length', '4'] })),
  'http.request over a keep-alive agent': async (url) => {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    await ended(http.request(url, { agent }));
    agent.destroy();
  },

  axios: (url) => axios.get(url),
  'axios with a body': (url) => axios.post(url, { a: 1 }),
  'axios by fetch': (url) => axios.get(url, { adapter: 'fetch' }),
  got: (url) => got(url),
  'got with a body': (url) => got.post(url, { json: { a: 1 } }),
  'node-fetch': async (url) => text(await nodeFetch(url)),
  'node-fetch with a body': async (url) => text(await nodeFetch(url, { ...POST, body: 'body' })),
};

export const secureCalls: Readonly<Record<string, Call>> = {
  'https.get': (url) => answered(https.get(url, insecure)),
  'https.request with options': (url) => ended(https.request({ ...parts(url), ...insecure, headers: { a: 'b' } })),
  'https.request with a flat array': (url) => ended(https.request(url, { ...insecure, headers: ['host', 'x'] })),
  'https.request with flushHeaders': (url) => {
    const outgoing = https.request(url, { ...POST, ...insecure });
    outgoing.flushHeaders();
    return ended(outgoing);
  },
  'https.request with Expect': (url) =>
    continued(https.request(url, { ...POST, ...insecure, headers: { expect: '100-continue', 'content-length': 4 } })),
  'undici.request over TLS': async (url) => {
    const dispatcher = new undici.Agent({ connect: insecure });
    await drained(await undici.request(url, { dispatcher }));
    return dispatcher.close();
  },
  'axios over TLS': (url) => axios.get(url, { httpsAgent: new https.Agent(insecure) }),
  'got over TLS': (url) => got(url, { https: insecure }),
  'node-fetch over TLS': async (url) => text(await nodeFetch(url, { agent: new https.Agent(insecure) })),
};

/** Calls whose caller names the header itself, in all forms in which each client takes headers. */
export function callsWith(name: string, value: string): Readonly<Record<string, Call>> {
  const headers = { [name]: value };
  const pairs: [string, string][] = [[name, value]];
  const withHost: [string, string][] = [['host', 'x'], ...pairs];
  return {
    'fetch, object': async (url) => text(await fetch(url, { headers })),
    'fetch, pairs': async (url) => text(await fetch(url, { headers: pairs })),
    'fetch, Headers': async (url) => text(await fetch(url, { headers: new Headers(headers) })),
    'fetch, Request': async (url) => text(await fetch(new Request(url, { headers }))),
    'undici.request, object': async (url) => drained(await undici.request(url, { headers })),
    'undici.request, flat array': async (url) => drained(await undici.request(url, { headers: [name, value] })),
    'undici.request, Map': async (url) => drained(await undici.request(url, { headers: new Map(pairs) })),
    'undici.fetch, object': async (url) => text(await undici.fetch(url, { headers })),
    'http.request, object': (url) => ended(http.request(url, { headers })),
    'http.request, flat array': (url) => ended(http.request(url, { headers: withHost.flat() })),
    'http.request, array of pairs': (url) => ended(http.request(url, { headers: withHost as never })), // Node takes them, its types do not
    'http.request, setHeader': (url) => {
      const outgoing = http.request(url);
      outgoing.setHeader(name, value);
      return ended(outgoing);
    },
    'http.request, setHeaders': (url) => ended(http.request(url).setHeaders(new Headers(headers))),
    'http.request, Expect': (url) =>
      ended(http.request(url, { ...POST, headers: { ...headers, expect: '100-continue' } })),
    'http.get, object': (url) => answered(http.get(url, { headers })),
    axios: (url) => axios.get(url, { headers }),
    got: (url) => got(url, { headers }),
    'node-fetch': async (url) => text(await nodeFetch(url, { headers })),
  };
}

/** Clients that follow a redirect by themselves. */
export const followers: Readonly<Record<string, Call>> = {
  fetch: async (url) => text(await fetch(url)),
  'undici.fetch': async (url) => text(await undici.fetch(url)),
  'undici.request': async (url) => {
    const dispatcher = new undici.Agent().compose(undici.interceptors.redirect({ maxRedirections: 3 }));
    await drained(await undici.request(url, { dispatcher }));
    return dispatcher.close();
  },
  axios: (url) => axios.get(url),
  'axios by fetch': (url) => axios.get(url, { adapter: 'fetch' }),
  got: (url) => got(url),
  'node-fetch': async (url) => text(await nodeFetch(url)),
};

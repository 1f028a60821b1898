import { expect } from 'vitest';
import { until } from '../../../support/until.js';
import type { Fault } from '../../fault.js';
import { connected, exchanged, head, pause } from '../../trials/raw.js';
import { ONE } from './promise.js';

type Client = (port: number) => Promise<unknown>;

const leaving =
  (bytes: string, how: 'destroy' | 'resetAndDestroy' | 'end', afterMs = 30): Client =>
  async (port) => {
    const socket = await connected(port);
    socket.resume();
    socket.write(bytes);
    await pause(afterMs);
    socket[how]();
  };

/** A life of a request, and how many records it leaves. */
const lives: Readonly<Record<string, readonly [client: Client, records: number]>> = {
  answered: [(port) => exchanged(port, head('GET /ok HTTP/1.1')), 1],
  HEAD: [(port) => exchanged(port, head('HEAD /ok HTTP/1.1')), 1],
  'not found': [(port) => exchanged(port, head('GET /nowhere HTTP/1.1')), 1],
  'the handler throws': [(port) => exchanged(port, head('GET /throw HTTP/1.1')), 1],
  'gone before it has said anything': [leaving('', 'destroy'), 0],
  'gone within its first line': [leaving('GET /o', 'destroy'), 0],
  'gone within its headers': [leaving('GET /ok HTTP/1.1\r\nHost:', 'resetAndDestroy'), 0],
  'gone within its body': [leaving(head('POST /echo HTTP/1.1', 'Content-Length: 100').concat('half'), 'destroy'), 1],
  'gone while it waits': [leaving(head('GET /never HTTP/1.1'), 'destroy'), 1],
  'reset while it waits': [leaving(head('GET /never HTTP/1.1'), 'resetAndDestroy'), 1],
  'half closed while it waits': [leaving(head('GET /wait/60 HTTP/1.1'), 'end'), 1],
  'gone within the answer': [leaving(head('GET /begun HTTP/1.1'), 'destroy', 80), 1],
  'reset within the answer': [leaving(head('GET /begun HTTP/1.1'), 'resetAndDestroy', 80), 1],
  'three at once, then gone': [leaving(head('GET /never HTTP/1.1').repeat(3), 'resetAndDestroy'), 3],
  'three at once': [(port) => exchanged(port, head('GET /ok HTTP/1.1').repeat(3), 3), 3],
  'a body in chunks': [
    (port) => exchanged(port, head('POST /echo HTTP/1.1', 'Transfer-Encoding: chunked').concat('2\r\nhi\r\n0\r\n\r\n')),
    1,
  ],
  'Expect: 100-continue': [
    (port) => exchanged(port, head('POST /echo HTTP/1.1', 'Expect: 100-continue', 'Content-Length: 2').concat('hi'), 2),
    1,
  ],
  'an upgrade that nobody takes': [
    (port) => exchanged(port, head('GET /ok HTTP/1.1', 'Connection: Upgrade', 'Upgrade: websocket')),
    1,
  ],
  'a method nobody knows': [(port) => exchanged(port, head('PURGE /ok HTTP/1.1')), 1],
  'no HTTP at all': [(port) => exchanged(port, '\u0016\u0003\u0001 hello'), 0],
};

export const abort: Fault = {
  name: `${Object.keys(lives).length} ways through a request, aborts at every phase among them`,
  promise: ONE,
  goals: [1, 14],
  async run(scene) {
    const host = await scene.host({ options: () => ({ traces: {} }) });
    let expected = 0;
    for (const [name, [client, records]] of Object.entries(lives)) {
      await client(host.port);
      expected += records;
      await until(() => host.records().length >= expected, 20_000);
      await host.quiet();
      expect({ name, records: host.records().length }).toEqual({ name, records: expected });
    }
    return {
      text: `${Object.keys(lives).length} life cycles, ${expected} records`,
      measured: { lifeCycles: Object.keys(lives).length, recordsOff: 0, inFlight: 0 },
    };
  },
};

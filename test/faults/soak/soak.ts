import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import http from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ShutdownReport } from '../../../src/index.js';
import type { Scene } from '../scene.js';
import { Load, type Sent } from './load.js';
import { Sink } from './sink.js';

const SERVICE = fileURLToPath(new URL('service.mjs', import.meta.url));
/** Parts after which the garbage is collected. The first fifth fills what has a fixed size and is not counted. */
const PARTS = 25;
const WARM = 5;

export interface SoakOptions {
  readonly requests: number;
  /** MiB; left out, Node's own limit. */
  readonly heapLimit?: number;
}

/** What the service says of itself when nothing is under way. */
interface Sample {
  readonly heapBytes: number;
  readonly handles: number;
  readonly listeners: number;
}

interface Accounts {
  readonly report: ShutdownReport;
  readonly drops: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

export interface Soaked {
  readonly sent: Sent;
  /** Of the parts that count, oldest first. */
  readonly samples: readonly Sample[];
  /** KiB of heap per 1000 requests. */
  readonly slopeKb: number;
  readonly accounts: Accounts;
  /** Lines of the log file by event. */
  readonly lines: Readonly<Record<string, number>>;
  readonly spansReceived: number;
  readonly seconds: number;
  readonly exitCode: number | null;
}

/** So many requests to a service with everything on, in its own process, with its garbage collected after each part. */
export async function soak(scene: Scene, { requests, heapLimit }: SoakOptions): Promise<Soaked> {
  const startedMs = performance.now();
  const sink = scene.later(new Sink(), (it) => it.close());
  const file = join(scene.folder(), 'service.log');
  const limit = heapLimit === undefined ? [] : [`--max-old-space-size=${heapLimit}`];
  const env = { ...process.env, NODE_OPTIONS: '', SOAK: JSON.stringify({ sink: await sink.listen(), file }) };
  const child = fork(SERVICE, {
    execArgv: ['--expose-gc', ...limit],
    env,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  scene.later(child, (it) => it.kill('SIGKILL'));
  const ended = once(child, 'exit');
  const service = new Asked(child);
  const { port, admin } = await service.answer<{ port: number; admin: number }>('start');

  const load = new Load(port);
  const samples: Sample[] = [];
  for (let part = 1; part <= PARTS; part++) {
    await load.send(Math.round((requests * part) / PARTS) - load.sent.requests);
    for (const path of ['/metrics', '/api/snapshot', '/api/requests', '/api/flags']) await looked(admin, path);
    samples.push(await service.ask<Sample>('sample'));
  }
  const accounts = await service.ask<Accounts>('shutdown');
  child.disconnect();
  const [exitCode] = await ended;
  const counted = samples.slice(WARM);
  return {
    ...{ sent: load.sent, samples: counted, slopeKb: slope(counted, requests / PARTS), accounts, exitCode },
    ...{ lines: await linesByEvent(file), spansReceived: sink.spans, seconds: (performance.now() - startedMs) / 1000 },
  };
}

/** Least squares over the heap after each part: KiB per 1000 requests. */
function slope(samples: readonly Sample[], requestsEach: number): number {
  const middle = (samples.length - 1) / 2;
  const mean = samples.reduce((sum, { heapBytes }) => sum + heapBytes, 0) / samples.length;
  const above = samples.reduce((sum, { heapBytes }, i) => sum + (i - middle) * (heapBytes - mean), 0);
  const below = samples.reduce((sum, _sample, i) => sum + (i - middle) ** 2, 0);
  return above / below / 1024 / (requestsEach / 1000);
}

/** Questions to the service, one at a time. */
class Asked {
  readonly #child: ChildProcess;

  constructor(child: ChildProcess) {
    this.#child = child;
  }

  ask<T>(question: string): Promise<T> {
    const answer = this.answer<T>(question);
    this.#child.send(question);
    return answer;
  }

  answer<T>(question: string): Promise<T> {
    return new Promise((resolve, reject) => {
      const gone = (code: number | null): void => reject(new Error(`the service has ended with ${code}`));
      this.#child.once('exit', gone);
      this.#child.once('message', ({ asked, value }: { asked: string; value: T }) => {
        this.#child.off('exit', gone);
        if (asked === question) resolve(value);
        else reject(new Error(`an answer to ${asked}, not to ${question}`));
      });
    });
  }
}

/** What an operator's browser asks for. */
async function looked(port: number, path: string): Promise<void> {
  const [response] = (await once(http.get({ port, host: '127.0.0.1', path, agent: false }), 'response')) as [
    http.IncomingMessage,
  ];
  if (response.statusCode !== 200) throw new Error(`${path} answers ${response.statusCode}`);
  await once(response.resume(), 'end');
}

async function linesByEvent(file: string): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  let rest = '';
  for await (const chunk of createReadStream(file, { encoding: 'utf8', highWaterMark: 1 << 20 })) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const event = /"event":"(\w+)"/.exec(line)?.[1] ?? 'none';
      counts[event] = (counts[event] ?? 0) + 1;
    }
  }
  if (rest !== '') throw new Error(`the log ends within a line: ${rest.slice(0, 100)}`);
  return counts;
}

import { once } from 'node:events';
import net from 'node:net';
import { random } from '../../support/random.js';

const CONNECTIONS = 8;
/** Requests that go out together on one connection, before the next ones. */
const BATCH = 64;
const ANSWER = Buffer.from('HTTP/1.1 ');

/** What was sent, of each kind that can be counted again. */
export interface Sent {
  requests: number;
  failing: number;
  logging: number;
}

/** Requests that differ in all that a client can choose: paths, IDs, trace headers, baggage, agents, methods. */
export class Load {
  readonly sent: Sent = { requests: 0, failing: 0, logging: 0 };
  readonly #port: number;
  readonly #next = random(1);

  constructor(port: number) {
    this.#port = port;
  }

  /** Sends so many and resolves with the last answer; the connections are gone then. */
  async send(count: number): Promise<void> {
    let left = count;
    const connection = async (): Promise<void> => {
      const socket = net.connect(this.#port, '127.0.0.1');
      const answers = new Answers(socket);
      await once(socket, 'connect');
      while (left > 0) {
        const size = Math.min(BATCH, left);
        left -= size;
        let text = '';
        for (let i = 0; i < size; i++) text += this.#request();
        socket.write(text, 'latin1');
        await answers.more(size);
      }
      socket.end();
      await once(socket, 'close');
    };
    await Promise.all(Array.from({ length: CONNECTIONS }, connection));
  }

  #request(): string {
    const { sent } = this;
    const id = ++sent.requests;
    const is = (share: number): boolean => this.#next() < share;
    const hex = id.toString(16).padStart(16, '0');
    const path = is(0.01) ? `/nowhere/${hex}?q=${id}` : `/users/${id}`;
    let head = `${is(0.01) ? 'PURGE' : 'GET'} ${path} HTTP/1.1\r\nhost: h${id % 5000}\r\n`;
    if (is(0.5)) head += `x-correlation-id: ${is(0.05) ? `<${'x'.repeat(200)}` : `id-${hex}`}\r\n`;
    if (is(0.25)) head += `traceparent: 00-${hex}${hex}-${hex}-0${is(0.5) ? 1 : 0}\r\ntracestate: v=${hex}\r\n`;
    if (is(0.05)) head += `baggage: user=${hex},${'k=v,'.repeat(20)}\r\n`;
    if (is(0.2)) head += `user-agent: agent/${hex}\r\n`;
    if (is(0.1)) {
      sent.logging++;
      head += 'x-log: 1\r\n';
    }
    if (is(0.005)) {
      sent.failing++;
      head += 'x-fail: 1\r\n';
    }
    return `${head}\r\n`;
  }
}

/** Counts the answers on one connection. No body holds what an answer begins with. */
class Answers {
  #due = 0;
  #rest: Buffer = Buffer.alloc(0);
  #resolve = (): void => {};
  #reject = (_cause: Error): void => {};

  constructor(socket: net.Socket) {
    socket.on('data', (chunk) => this.#read(chunk));
    socket.on('error', (cause) => this.#reject(cause));
    socket.on('close', () => this.#reject(new Error(`the connection closed with ${this.#due} answers due`)));
  }

  more(count: number): Promise<void> {
    this.#due = count;
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  #read(chunk: Buffer): void {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let at = bytes.indexOf(ANSWER);
    let behind = 0;
    for (; at !== -1; at = bytes.indexOf(ANSWER, behind)) {
      behind = at + ANSWER.length;
      this.#due--;
    }
    this.#rest = bytes.subarray(Math.max(behind, bytes.length - ANSWER.length + 1));
    if (this.#due === 0) this.#resolve();
  }
}

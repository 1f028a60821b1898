import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { Host, type Plan } from './service/host.js';

/** Where one fault happens: the services and servers it needs, and what must hold of each of them whatever the fault. */
export class Scene {
  readonly #hosts: Host[] = [];
  readonly #ends: (() => unknown)[] = [];

  readonly long: boolean;

  constructor(long: boolean) {
    this.long = long;
  }

  /** A service in a process of its own, listening. */
  async host<A = undefined>(plan: Plan<A> = {}): Promise<Host> {
    const host = new Host(plan);
    this.#hosts.push(host);
    await host.listening;
    return host;
  }

  folder(): string {
    const folder = mkdtempSync(join(tmpdir(), 'fourlights-fault-'));
    return this.later(folder, () => rmSync(folder, { recursive: true, force: true }));
  }

  /** What is to end with the scene. */
  later<T>(thing: T, end: (thing: T) => unknown): T {
    this.#ends.push(() => end(thing));
    return thing;
  }

  /** Each service that was not ended by its fault still answers, has no request left over, and ends by SIGTERM as if we were not there. */
  async survived(): Promise<void> {
    for (const host of this.#hosts.filter(({ over }) => !over)) await this.leave(host);
    const lived = this.#hosts.filter(({ mayEnd }) => !mayEnd);
    expect(lived.flatMap(({ uncaught }) => uncaught)).toEqual([]);
  }

  /** As `survived`, of one service that is not needed any more. */
  async leave(host: Host): Promise<void> {
    expect(await host.get('/ok')).toMatchObject({ status: 200 });
    await host.quiet();
    host.kill('SIGTERM');
    expect(await host.ended).toEqual({ code: null, signal: 'SIGTERM' });
  }

  /** A failure, and what the services that died meanwhile had to say. */
  async withLastWords(cause: unknown): Promise<unknown> {
    await new Promise((resolve) => setTimeout(resolve, 300)); // a connection tells of a death before the system does
    const words = this.#hosts.filter(({ over }) => over).map(({ stderr }) => stderr.slice(-2000));
    if (cause instanceof Error && words.length > 0)
      cause.message += `\nA service that has ended said: ${words.join('\n')}`;
    return cause;
  }

  async close(): Promise<void> {
    for (const host of this.#hosts) host.kill('SIGKILL');
    for (const end of this.#ends.reverse()) await end();
  }
}

import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { redis as redisStore } from '../../src/adapters/redis.js';
import type { GuardPlan } from '../../src/rollouts/guard-plan.js';
import { storeContract } from '../rollouts/stores/store-contract.js';
import { SOUND, town } from '../rollouts/town.js';
import { hasRedis } from './redis.js';
import { folderOf, found, sparePort, unprivileged } from './servers.js';

if (!hasRedis) console.warn('Redis is not installed: its tests do not run (apt-get install redis-server)');

/** A Redis that can be killed and started again on its port; keeps its data only where asked to. */
class Server {
  readonly port: number;
  readonly #folder = folderOf(unprivileged(), 'rollouts');
  #child: ChildProcess | undefined;

  constructor(port: number) {
    this.port = port;
  }

  async start({ keeps = false } = {}): Promise<void> {
    if (this.#child?.exitCode === null && this.#child.signalCode === null) return;
    const settings = ['--port', String(this.port), '--bind', '127.0.0.1', '--save', '', '--dir', this.#folder];
    const append = ['--appendonly', keeps ? 'yes' : 'no', '--appendfsync', 'always'];
    this.#child = spawn(found('redis-server') ?? '', [...settings, ...append], {
      ...unprivileged(),
      cwd: this.#folder,
    });
    const probe = new Redis(this.port, '127.0.0.1', { retryStrategy: () => 50, maxRetriesPerRequest: null });
    probe.on('error', () => {});
    await probe.ping();
    probe.disconnect();
  }

  async kill(): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  async end(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

interface Step {
  readonly event: string;
  readonly by: string;
  readonly at: number;
  readonly heardAt: number;
}

interface Report {
  readonly status: string;
  readonly reason: string;
  readonly shown: number;
  readonly counted: number;
}

class Member {
  readonly steps: Step[] = [];
  readonly child: ChildProcess;
  #reports: ((report: Report) => void)[] = [];

  constructor(program: string, port: number) {
    this.child = fork(program, { env: { ...process.env, REDIS_PORT: String(port) } });
    this.child.on('message', (message: Step | Report) => {
      if ('event' in message) this.steps.push({ ...message, heardAt: Date.now() });
      else this.#reports.shift()?.(message);
    });
  }

  order(order: object): void {
    this.child.send(order);
  }

  report(): Promise<Report> {
    return new Promise((resolve) => {
      this.#reports.push(resolve);
      this.order({ report: true });
    });
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || !this.child.connected) return;
    const ended = once(this.child, 'exit');
    this.order({ stop: true });
    await ended;
  }

  rolledBack(): Step | undefined {
    return this.steps.find(({ event }) => event === 'rollout_rolled_back');
  }
}

describe.runIf(hasRedis)('a fleet of three processes and a real Redis', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fourlights-fleet-'));
  const program = join(folder, 'member.cjs');
  let server: Server;
  let members: Member[] = [];
  const join3 = (): Member[] => Array.from({ length: 3 }, () => new Member(program, server.port));
  const reports = () => Promise.all(members.map((member) => member.report()));

  beforeAll(async () => {
    const entry = join(import.meta.dirname, 'rollouts', 'member.ts');
    buildSync({ entryPoints: [entry], bundle: true, platform: 'node', format: 'cjs', outfile: program });
    server = new Server(await sparePort());
  });
  afterEach(async () => {
    await Promise.all(members.map((member) => member.stop()));
    await server.kill();
  });
  afterAll(async () => {
    await server.end();
    rmSync(folder, { recursive: true, force: true });
  });

  test('decides once, seen by all within two seconds; Redis killed and back empty changes nothing', async () => {
    await server.start();
    members = join3();
    await expect
      .poll(async () => (await reports()).map(({ status }) => status), { timeout: 20_000 })
      .toEqual(new Array(3).fill('ramping'));
    for (const member of members) member.order({ errors: 0.3 });
    await expect
      .poll(() => members.every((member) => member.rolledBack() !== undefined), { timeout: 30_000 })
      .toBe(true);
    const steps = members.map((member) => member.rolledBack());
    const first = Math.min(...steps.map((step) => step?.at ?? 0));
    const last = Math.max(...steps.map((step) => step?.heardAt ?? Number.POSITIVE_INFINITY));
    console.info(`one decision, seen by all three within ${last - first} ms`);
    expect(last - first).toBeLessThanOrEqual(2_000);

    await reports();
    await server.kill();
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    await server.start(); // it has forgotten all
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    const after = await reports();
    expect(after.map(({ status, reason, shown }) => ({ status, reason, shown }))).toEqual(
      new Array(3).fill({ status: 'rolled_back', reason: 'KILLED', shown: 0 }),
    );
    const late = new Member(program, server.port);
    members.push(late);
    await expect.poll(async () => (await late.report()).status, { timeout: 10_000 }).toBe('rolled_back');
    expect((await late.report()).reason).toBe('KILLED');
    expect((await late.report()).shown).toBe(0);
  });

  test('loses no evidence when Redis dies, twice and with all it knew, and counts none of it twice', async () => {
    await server.start();
    members = join3();
    const reported = [...(await reports())];
    const shown = (): number => reported.reduce((sum, report) => sum + report.shown, 0);
    for (const awayMs of [1_500, 300]) {
      await new Promise((resolve) => setTimeout(resolve, 3_000));
      reported.push(...(await reports()));
      await server.kill();
      await new Promise((resolve) => setTimeout(resolve, awayMs));
      await server.start(); // it has forgotten all
    }
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    for (const member of members) member.order({ busy: false });
    await expect
      .poll(
        async () => {
          const latest = await reports();
          reported.push(...latest);
          return latest.map(({ counted }) => counted - shown());
        },
        { timeout: 30_000, interval: 500 },
      )
      .toEqual([0, 0, 0]);
    console.info(`requests shown ${shown()}, counted by each: the same`);
    expect(shown()).toBeGreaterThan(500);
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    expect((await reports()).map(({ counted }) => counted - shown())).toEqual([0, 0, 0]); // nor afterwards
  });

  test('a process that starts while Redis is away shows nobody what may have been taken back', async () => {
    members = [new Member(program, server.port)];
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    const [alone] = await reports();
    expect(alone).toMatchObject({ shown: 0 });
    await server.start();
    await expect.poll(async () => (await reports())[0]?.status, { timeout: 10_000 }).toBe('ramping');
  });

  describe('as any store', () => {
    const clients: Redis[] = [];
    afterAll(() => {
      for (const client of clients) client.disconnect();
    });
    storeContract(async () => {
      await server.start();
      const client = new Redis(server.port, '127.0.0.1', { retryStrategy: () => 100, maxRetriesPerRequest: null });
      client.on('error', () => {});
      clients.push(client);
      return redisStore(client);
    }, 50);
  });

  test('two processes that decide the same before either has heard of the other: one tells it as its own', async () => {
    await server.start();
    const connect = () => new Redis(server.port, '127.0.0.1', { retryStrategy: () => 100, maxRetriesPerRequest: null });
    const clients = [connect(), connect()];
    const plan: GuardPlan = { stages: [10, 100], minHold: '1h' };
    const store = (client: Redis) => redisStore(client, { prefix: 'at-once' });
    const towns = clients.map((client, seed) => town(plan, { store: store(client), seed }));
    const all = (step: string) =>
      towns.flatMap(({ events }) => events.filter(({ event }) => event === step).map(({ by }) => by)).sort();
    await expect.poll(() => all('rollout_started'), { timeout: 10_000 }).toEqual(['fleet', 'this process']);
    for (const each of towns) each.habits = { off: SOUND, on: { errors: 0.9, seconds: 0.05 } };
    // No answer of Redis can be read in between: both decide by themselves.
    for (const each of towns) each.live(1, 20_000);
    expect(towns.map(({ rollouts }) => rollouts.state('checkout')?.status)).toEqual(['rolled_back', 'rolled_back']);
    await expect.poll(() => all('rollout_rolled_back'), { timeout: 10_000 }).toEqual(['fleet', 'this process']);
    for (const { rollouts } of towns) await rollouts.stop();
    for (const client of clients) client.disconnect();
  });

  test('what was decided is there after a crash of a Redis that keeps its data', async () => {
    await server.start({ keeps: true });
    const client = new Redis(server.port, '127.0.0.1', { retryStrategy: () => 100, maxRetriesPerRequest: null });
    client.on('error', () => {});
    const store = redisStore(client);
    const common = {
      versions: ['1'],
      arm: 0,
      stage: 0,
      percent: 0,
      startedAt: 0,
      at: 1,
      reason: '',
      evidence: undefined,
    };
    await store.decide({ ...common, flag: 'a', phase: 'rolled_back' });
    await server.kill();
    await server.start({ keeps: true });
    expect(await store.load('a')).toMatchObject({ phase: 'rolled_back' });
    client.disconnect();
  });
});

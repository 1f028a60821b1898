import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { MUTED_WHERE_EQUAL } from '../../src/alerts/rule-labels.js';
import { fingerprint } from '../../src/alerts/sinks/fingerprint.js';
import { Receiver } from '../alerts/receiver.js';
import { get } from '../metrics/live/service.js';
import { found, type Running, running, sparePort } from './servers.js';

const program = found('prometheus-alertmanager') ?? found('alertmanager');

interface Told {
  readonly alerts: readonly { readonly status: string; readonly labels: { readonly alertname: string } }[];
}

/** As the server lists what it has. */
interface Known {
  readonly labels: Readonly<Record<string, string>>;
  readonly fingerprint: string;
  readonly status: { readonly state: string };
}

describe.skipIf(program === undefined)(
  "a real Alertmanager (skipped without Debian's package `prometheus-alertmanager`)",
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'fourlights-alerting-'));
    const child = join(folder, 'alerting.cjs');
    let receiver: Receiver;
    let server: Running;
    let processes: ChildProcess[] = [];

    beforeAll(async () => {
      const entry = fileURLToPath(new URL('fixtures/alerting.ts', import.meta.url));
      await build({
        entryPoints: [entry],
        outfile: child,
        bundle: true,
        platform: 'node',
        format: 'cjs',
        logLevel: 'silent',
      });
    });

    afterAll(() => rmSync(folder, { recursive: true }));

    beforeEach(async () => {
      receiver = await new Receiver().start();
      server = await alertmanager(receiver.url);
    });

    afterEach(async () => {
      for (const one of processes) await ended(one);
      processes = [];
      await server.stop();
      receiver.stop();
    });

    const service = async (): Promise<ChildProcess> => {
      const env = { ...process.env, ALERTMANAGER: `http://127.0.0.1:${server.port}` };
      const one = spawn(process.execPath, [child], { env, stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
      processes.push(one);
      await once(one, 'message'); // it is ready
      return one;
    };

    /** What the receiver was told, one text an alert. */
    const words = (): string[] =>
      receiver.received
        .map(({ body }): Told => JSON.parse(body))
        .flatMap(({ alerts }) => alerts.map(({ status, labels }) => `${status} ${labels.alertname}`));

    /** What the server has of us, muted or not. */
    const known = async (): Promise<Known[]> => JSON.parse((await get(server.port, '/api/v2/alerts')).body.toString());

    test('two processes post the same alert: one notification, and the critical one mutes the warning', async () => {
      const both = [await service(), await service()];
      for (const one of both) one.send(0.5);
      await receiver.has(1);
      await until(async () => (await known()).length === 2);
      const states = (await known()).map(({ labels, status }) => `${labels['alertname']} ${status.state}`).sort();
      expect(states).toEqual(['ErrorsHigh active', 'ErrorsRaised suppressed']);
      for (const one of await known()) expect(fingerprint(one.labels)).toBe(one.fingerprint);
      await pause(4000); // several intervals of the group, and of both processes
      expect(words()).toEqual(['firing ErrorsHigh']);
    });

    test('when the critical one resolves, the warning that it muted is told', async () => {
      const one = await service();
      one.send(0.5);
      await receiver.has(1);
      one.send(0.15);
      await receiver.has(3);
      expect(words().sort()).toEqual(['firing ErrorsHigh', 'firing ErrorsRaised', 'resolved ErrorsHigh']);
      one.send(0);
      await receiver.has(4);
      expect(words().at(-1)).toBe('resolved ErrorsRaised');
    });

    test('a process that is killed resolves its alert by its silence', async () => {
      const one = await service();
      one.send(0.5);
      await receiver.has(1);
      one.kill('SIGKILL');
      await receiver.has(2);
      expect(words()).toEqual(['firing ErrorsHigh', 'resolved ErrorsHigh']);
    });

    test('as long as one of two lives, the alert does', async () => {
      const [one, other] = [await service(), await service()];
      for (const each of [one, other]) each.send(0.5);
      await receiver.has(1);
      one.kill('SIGKILL');
      await pause(8000); // longer than until its alerts would resolve
      expect(words()).toEqual(['firing ErrorsHigh']);
    });
  },
);

/** On a spare port, from a folder of its own, and with waits of seconds. */
async function alertmanager(webhookUrl: string): Promise<Running> {
  const port = await sparePort();
  const equal = JSON.stringify(MUTED_WHERE_EQUAL);
  return running(
    () => {
      const folder = mkdtempSync(join(tmpdir(), 'fourlights-alertmanager-'));
      const config = join(folder, 'alertmanager.yml');
      writeFileSync(
        config,
        `route: { receiver: hook, group_by: [alertname, service], group_wait: 1s, group_interval: 1s, repeat_interval: 4h }
receivers: [{ name: hook, webhook_configs: [{ url: '${webhookUrl}', send_resolved: true }] }]
inhibit_rules: [{ source_matchers: ['severity="critical"'], target_matchers: ['severity=~"warning|info"'], equal: ${equal} }]
`,
      );
      const child = spawn(program ?? '', [
        `--config.file=${config}`,
        `--storage.path=${join(folder, 'data')}`,
        `--web.listen-address=127.0.0.1:${port}`,
        '--cluster.listen-address=',
        '--log.level=error',
      ]);
      return { child, folder, port };
    },
    () => answers(port),
  );
}

/** `running` asks at once and again: a request of its own process is the shortest way to an answer. */
function answers(port: number): boolean {
  const script = `fetch('http://127.0.0.1:${port}/-/ready').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))`;
  try {
    execFileSync(process.execPath, ['-e', script], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await pause(100);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { until } from '../../support/until.js';
import type { Fault, Group } from '../fault.js';
import { ended, flooded, linesOf, pendingMb, toldOf, wrote } from '../trials/log-trial.js';

const PROMISE = 'the service goes on, every lost line is counted, told once on stderr, the end is in time';

const stopped: Fault = {
  name: 'its reader stops, and reads on later',
  promise: 'the loop does not wait, at most 8 MiB do; every lost line is counted; told at start and end',
  goals: [1, 2, 4],
  async run(scene) {
    const host = await scene.host({
      stdout: 'stopped',
      options: () => ({ admin: { port: 0 }, log: { accessLog: false } }),
    });
    const flood = await flooded(host, 16);
    await until(() => toldOf(host).length === 1);
    const waiting = await pendingMb(host);
    expect(waiting).toBeLessThan(8.5);
    expect(await host.get('/ok')).toMatchObject({ status: 200 });
    host.read();
    await until(() => toldOf(host).length === 2);
    await wrote(host, 1);
    await until(() => host.lines().some(({ event }) => event === 'last'));
    const { dropped } = (await host.shutdown()).logs;
    const arrived = linesOf(host.stdout);
    expect(arrived + dropped).toBe(flood.lines);
    expect(toldOf(host)).toEqual([
      expect.stringMatching(/log lines are being dropped and counted \(buffer_full\)/),
      expect.stringMatching(/get through again; \d+ were dropped/),
    ]);
    return {
      text: `${flood.lines} lines = ${arrived} arrived + ${dropped} counted; standstill ${Math.round(flood.standstillMs)} ms; ${waiting.toFixed(1)} MiB waited`,
      measured: {
        standstillMs: flood.standstillMs,
        logBufferMb: waiting,
        linesUnaccounted: 0,
        warnings: 1,
        recoveries: 1,
      },
    };
  },
};

const stoppedAtEnd: Fault = {
  name: 'its reader has stopped when SIGTERM comes',
  promise: 'it ends by that signal in time, and says what did not get through',
  goals: [1, 2, 5],
  async run(scene) {
    const host = await scene.host({
      stdout: 'stopped',
      options: () => ({ admin: { port: 0 }, log: { accessLog: false } }),
    });
    const flood = await flooded(host, 12);
    const endMs = await ended(host);
    await until(() => host.child.stdout?.readableEnded === true);
    const arrived = linesOf(host.stdout);
    const [, last = ''] = toldOf(host);
    const lost = Number(/(\d+) log lines did not get through before the end/.exec(last)?.[1]);
    expect(arrived + lost).toBe(flood.lines);
    return {
      text: `gone ${Math.round(endMs)} ms after SIGTERM; ${flood.lines} lines = ${arrived} arrived + ${lost} told as lost`,
      measured: { endMs, linesUnaccounted: 0, standstillMs: flood.standstillMs },
    };
  },
};

const closed: Fault = {
  name: 'its pipe is closed',
  promise: PROMISE,
  goals: [1, 2, 4],
  async run(scene) {
    const host = await scene.host({
      stdout: 'stopped',
      options: () => ({ admin: { port: 0 }, log: { accessLog: false } }),
    });
    host.child.stdout?.destroy();
    const flood = await flooded(host, 4);
    await until(() => toldOf(host).length === 1);
    expect(toldOf(host)[0]).toMatch(/nobody reads the log any more \((EPIPE|ECONNRESET)\)/);
    expect(await host.get('/ok')).toMatchObject({ status: 200 });
    const { dropped, written } = (await host.shutdown()).logs;
    expect(dropped + written).toBe(flood.lines);
    return {
      text: `${dropped} of ${flood.lines} lines counted as dropped; standstill ${Math.round(flood.standstillMs)} ms`,
      measured: { linesUnaccounted: 0, standstillMs: flood.standstillMs, warnings: 1 },
    };
  },
};

const bothClosed: Fault = {
  name: 'its pipe and that of stderr are closed',
  promise: 'the service goes on, and every lost line is counted',
  goals: [1, 2],
  async run(scene) {
    const host = await scene.host({
      stdout: 'stopped',
      options: () => ({ admin: { port: 0 }, log: { accessLog: false } }),
    });
    host.child.stdout?.destroy();
    host.child.stderr?.destroy();
    const flood = await flooded(host, 4);
    expect(await host.get('/ok')).toMatchObject({ status: 200 });
    const { dropped, written } = (await host.shutdown()).logs;
    expect(dropped + written).toBe(flood.lines);
    return { text: `${dropped} of ${flood.lines} lines counted as dropped`, measured: { linesUnaccounted: 0 } };
  },
};

const full: Fault = {
  name: 'its disk is full (/dev/full)',
  promise: PROMISE,
  goals: [1, 2, 4, 5],
  async run(scene) {
    const host = await scene.host({
      options: () => ({ admin: { port: 0 }, log: { accessLog: false, destination: '/dev/full' } }),
    });
    const flood = await flooded(host, 12);
    await until(() => toldOf(host).length === 1);
    const waiting = await pendingMb(host);
    expect(await host.get('/ok')).toMatchObject({ status: 200 });
    const endMs = await ended(host);
    const told = toldOf(host);
    expect(told).toHaveLength(2);
    expect(told[1]).toContain(`${flood.lines} log lines did not get through before the end`);
    return {
      text: `all ${flood.lines} lines told as lost; gone ${Math.round(endMs)} ms after SIGTERM; standstill ${Math.round(flood.standstillMs)} ms; ${waiting.toFixed(1)} MiB waited`,
      measured: { endMs, standstillMs: flood.standstillMs, logBufferMb: waiting, linesUnaccounted: 0, warnings: 1 },
    };
  },
};

const limited: Fault = {
  name: 'its file may not grow any more (ulimit -f)',
  promise: PROMISE,
  goals: [1, 2, 5],
  async run(scene) {
    const path = join(scene.folder(), 'service.log');
    const host = await scene.host({
      through: ['sh', '-c', 'ulimit -f 64; exec "$0" "$@"'],
      argument: path,
      options: ({ argument }) => ({ admin: { port: 0 }, log: { accessLog: false, destination: argument } }),
    });
    const flood = await flooded(host, 12);
    await until(() => toldOf(host).length === 1);
    expect(await host.get('/ok')).toMatchObject({ status: 200 });
    const endMs = await ended(host);
    const arrived = linesOf(readFileSync(path, 'utf8'));
    const lost = Number(/(\d+) log lines did not get through before the end/.exec(toldOf(host)[1] ?? '')?.[1]);
    expect(arrived + lost).toBe(flood.lines);
    return {
      text: `${flood.lines} lines = ${arrived} in the file + ${lost} told as lost; gone ${Math.round(endMs)} ms after SIGTERM`,
      measured: { endMs, linesUnaccounted: 0, standstillMs: flood.standstillMs },
    };
  },
};

const filled: Fault = {
  name: 'a disk of 1 MiB fills up, and has room again',
  promise: 'told when it fills, told when lines get through again, every lost line counted in between',
  goals: [1, 2, 4],
  async run(scene) {
    const folder = scene.folder();
    const host = await scene.host({
      through: ['unshare', '-m', 'sh', '-c', `mount -t tmpfs -o size=1m tmpfs ${folder} && exec "$0" "$@"`],
      argument: folder,
      options: ({ argument }) => ({
        admin: { port: 0 },
        log: { accessLog: false, destination: `${argument}/service.log` },
      }),
      before: ({ require, argument }) => require('node:fs').writeFileSync(`${argument}/other`, Buffer.alloc(900_000)),
    });
    const flood = await flooded(host, 12);
    await until(() => toldOf(host).length === 1);
    const waiting = await pendingMb(host);
    await host.run(({ require, argument }) => {
      const fs = require('node:fs') as typeof import('node:fs');
      fs.rmSync(`${argument}/other`);
      fs.truncateSync(`${argument}/service.log`);
    }, folder);
    // Of what waits a megabyte fits in; each time it is taken away, as a rotation does, the next goes on.
    await until(async () => {
      await host.run(({ require, argument, lib }) => {
        (require('node:fs') as typeof import('node:fs')).truncateSync(`${argument}/service.log`);
        lib.log.info('poke');
      }, folder);
      return toldOf(host).length > 1;
    });
    expect(toldOf(host)[1]).toMatch(/get through again; \d+ were dropped/);
    expect(await host.get('/ok')).toMatchObject({ status: 200 });
    return {
      text: `${flood.lines} lines into 1 MiB: ${toldOf(host)[1]?.replace(/^fourlights: /, '')}; ${waiting.toFixed(1)} MiB waited`,
      measured: { standstillMs: flood.standstillMs, logBufferMb: waiting, warnings: 1, recoveries: 1 },
    };
  },
};

const fullStdout: Fault = {
  name: 'its standard output is a full disk',
  promise: 'requests are served and lines counted as lost',
  goals: [1, 2],
  async run(scene) {
    const device = openSync('/dev/full', 'w');
    const host = await scene.host({ stdout: device });
    closeSync(device);
    await host.requests(300);
    const { dropped, written } = (await host.shutdown()).logs;
    expect({ written, enough: dropped >= 300 }).toEqual({ written: 0, enough: true });
    return { text: `300 requests answered, ${dropped} lines counted as dropped`, measured: { linesUnaccounted: 0 } };
  },
};

export const log: Group = {
  name: 'log',
  faults: [stopped, stoppedAtEnd, closed, bothClosed, full, limited, filled, fullStdout],
};

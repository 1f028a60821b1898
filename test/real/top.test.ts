import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import http from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, expect, test } from 'vitest';
import type { Snapshot } from '../../src/admin/api/snapshot.js';
import { seconds } from '../../src/admin/page/client/format.js';
import { elsewhere, stopAsking } from '../admin/live/asking.js';
import { cli } from '../cli/process.js';
import { listen, observing, request } from '../http/harness.js';

/** Runs a command on a terminal of its own. */
const SCRIPT = '/usr/bin/script';
const there = existsSync(SCRIPT) && existsSync(cli);
if (!there) console.log('test/real/top: not run, as script (Debian: bsdutils) or dist/cli.js is not there');

afterEach(stopAsking);

test.skipIf(!there)(
  'on a real terminal top shows the figures of the page, is drawn again, and q gives the terminal back',
  async () => {
    const { observability, recorded } = observing({ admin: { port: 0 }, http: { route: ({ url }) => url } });
    const port = await listen(http.createServer((_incoming, response) => response.end()));
    for (let i = 0; i < 30; i++) await request(port, '/carts', { agent: elsewhere });
    await recorded(30);
    const url = `http://127.0.0.1:${await observability.admin.port}`;
    const line = `stty cols 120 rows 30; ${process.execPath} ${cli} top ${url} --every 200; stty -a`;
    const terminal = spawn(SCRIPT, ['-qfec', line, '/dev/null'], { stdio: 'pipe' });
    let text = '';
    terminal.stdout.on('data', (chunk) => {
      text += chunk;
    });
    while (text.split('p99 of 30 requests').length < 4) await delay(20); // three looks
    const { routes } = (await (await fetch(`${url}/api/snapshot`)).json()) as Snapshot;
    terminal.stdin.write('q');
    const [code] = await once(terminal, 'close');
    const row = stripVTControlCharacters(text)
      .split(/\r?\n/)
      .findLast((one) => one.startsWith('GET /carts'));
    expect(row).toContain(seconds(routes[0]?.p95));
    expect(code).toBe(0);
    expect(text).toMatch(/[ ;]icanon/); // as stty says of a terminal that nobody holds
  },
);

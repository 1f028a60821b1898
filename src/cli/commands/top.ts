import process from 'node:process';
import { command } from '../command.js';
import { exits } from '../exits.js';
import { Failure } from '../failure.js';
import { TopFailure } from '../look.js';
import { paperOf } from '../paper.js';
import { stopOf } from '../stop.js';
import { top as watch } from '../top.js';

const DEFAULT_URL = 'http://127.0.0.1:9464';
const FASTEST_MS = 200;

export const top = command({
  summary: 'Shows a running service in the terminal until q: its four lights, alerts and routes',
  words: ['[url]'],
  options: {
    token: { type: 'string', value: 'token', help: 'the admin token; FOURLIGHTS_ADMIN_TOKEN when left out' },
    every: { type: 'string', value: 'ms', default: '2000', help: 'between two looks' },
    json: { type: 'boolean', help: 'the snapshot as JSON, once' },
  },
  example: `top ${DEFAULT_URL}`,
  async run({ values: { token, every, json }, words: [url = DEFAULT_URL], terminal }) {
    if (!URL.canParse(url) || !/^https?:/.test(url))
      throw new Failure('usage', `the url must be that of an admin port, such as ${DEFAULT_URL}, got ${url}`);
    const everyMs = Number(every);
    if (!(everyMs >= FASTEST_MS)) throw new Failure('usage', `--every must be at least ${FASTEST_MS} ms, got ${every}`);
    const stop = stopOf();
    try {
      await watch(
        {
          url,
          token: token ?? process.env['FOURLIGHTS_ADMIN_TOKEN'],
          json,
          paper: paperOf(process),
          everyMs,
          signal: stop.signal,
        },
        terminal,
      );
    } catch (cause) {
      if (cause instanceof TopFailure) throw new Failure('unavailable', cause.message, { cause });
      throw cause;
    } finally {
      stop.release();
    }
    return exits.ok;
  },
});

import process from 'node:process';
import { A_DURATION, millisecondsOf } from '../../core/duration.js';
import { command } from '../command.js';
import { exits } from '../exits.js';
import { Failure } from '../failure.js';
import { paperOf } from '../paper.js';
import { stopOf } from '../stop.js';

const DEFAULT_PORT = 9464;

export const demo = command({
  summary: 'Runs a shop under load with its status page, until q or Ctrl-C; nothing else is needed',
  options: {
    port: {
      type: 'string',
      value: 'port',
      default: String(DEFAULT_PORT),
      help: 'of the status page; 0 takes a spare one',
    },
    for: { type: 'string', value: 'time', help: 'end by itself after that time, such as 30s' },
  },
  example: 'demo --for 2m',
  async run({ values, terminal }) {
    const port = Number(values.port);
    if (!(Number.isInteger(port) && port >= 0 && port <= 65_535))
      throw new Failure('usage', `--port must be an integer from 0 to 65535, got ${values.port}`);
    const forMs = values.for === undefined ? undefined : millisecondsOf(values.for);
    if (values.for !== undefined && forMs === undefined)
      throw new Failure('usage', `--for expects ${A_DURATION}, got ${values.for}`);
    const stop = stopOf();
    if (forMs !== undefined) setTimeout(() => stop.abort(), forMs).unref();
    try {
      // All that other commands do not need.
      const { runDemo } = await import('../demo/demo.js');
      await runDemo({ port, paper: paperOf(process), signal: stop.signal }, terminal);
    } finally {
      stop.release();
    }
    return exits.ok;
  },
});

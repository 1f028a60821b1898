// A log line within a request, beside plain pino that writes the same fields to a file of its own.
import { join } from 'node:path';
import pino from 'pino';

export async function open({ library, folder }) {
  const { context, correlationId, log, observe, shutdown } = await import(`${library}/dist/index.js`);
  observe({ service: 'bench', traces: false, log: { destination: join(folder, 'ours.log'), accessLog: false } });
  const options = { base: { service: 'bench', version: '0.0.0', environment: 'production' } };
  const batched = pino(options, pino.destination({ dest: join(folder, 'batched.log'), sync: false, minLength: 4096 }));
  const asInstalled = pino(options, pino.destination(join(folder, 'installed.log')));
  return {
    calls: {
      'log line, enriched and redacted': () => log.info({ user_id: 42 }, 'user_login'),
      'correlationId()': correlationId,
      'context.run()': () => context.run({ correlationId: 'job-1' }, Math.random),
    },
    peers: {
      'plain pino, asynchronous in batches of 4 KB': () => batched.info({ user_id: 42 }, 'user_login'),
      'plain pino as installed': () => asInstalled.info({ user_id: 42 }, 'user_login'),
    },
    batch: 100,
    within: (work) => context.run({ correlationId: 'order-7' }, work),
    close: shutdown,
  };
}

import { unobserved } from '../../context/unobserved.js';
import type { Clock } from '../../core/clock.js';
import { diagnostics } from '../../core/diagnostics.js';
import { Outbox } from '../../core/outbox.js';
import type { AlertSink, Message } from '../sinks/alert.js';

/** The messages of one sink. A state has all that an older one says. */
export function outboxOf(sink: AlertSink, clock: Clock, random?: () => number): Outbox<Message> {
  const { name } = sink;
  return new Outbox<Message>(
    {
      deliver: (message, signal) => unobserved(async () => sink.deliver(message, signal)),
      lost: (_message, reason, why) => {
        diagnostics.drop('notifications', reason);
        diagnostics.warn(`alerts sink ${name}`, `an alert did not reach ${name}: ${why}`);
      },
      close: () => sink.close?.(),
    },
    { clock, random, newestOnly: sink.pace === 'state' },
  );
}

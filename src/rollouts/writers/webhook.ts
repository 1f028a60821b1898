import { Posting } from './posting.js';
import type { Writer } from './writer.js';

export interface WebhookOptions {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** Posts every step as the JSON that it is. Throws for what is no address. */
export function webhook({ url, headers = {} }: WebhookOptions): Writer {
  const to = new Posting(url, 'url of a webhook', headers);
  return {
    name: `webhook ${to.shown}`,
    wants: () => true,
    write: (event, signal) => to.post(event, signal),
    close: () => to.close(),
  };
}

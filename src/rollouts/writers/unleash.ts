import { Posting } from './posting.js';
import type { Writer } from './writer.js';

export interface UnleashOptions {
  /** Of the server, without `/api`: `https://unleash.example`. */
  readonly url: string;
  /** A token of the admin API that may switch flags in that environment. */
  readonly token: string;
  /** @default 'default' */
  readonly project?: string | undefined;
  readonly environment: string;
  /** Unleash's name of a flag, where it has another one. */
  readonly nameOf?: ((flag: string) => string) | undefined;
}

/**
 * Switches a flag that was taken back off in Unleash, by its admin API
 * (`POST /api/admin/projects/:project/features/:feature/environments/:environment/off`), for everybody who reads it there.
 * Nothing is ever switched on: that is a person's to do. Throws for what is no address.
 */
export function unleash({
  url,
  token,
  project = 'default',
  environment,
  nameOf = (flag) => flag,
}: UnleashOptions): Writer {
  const base = url.replace(/\/+$/, '');
  const shown = new Posting(base, 'url of an Unleash server', {}).shown;
  return {
    name: `unleash ${shown}`,
    wants: ({ event }) => event === 'rollout_rolled_back',
    write: async ({ flag }, signal) => {
      const [at, feature, where] = [project, nameOf(flag), environment].map(encodeURIComponent);
      const path = `/api/admin/projects/${at}/features/${feature}/environments/${where}/off`;
      const posting = new Posting(base + path, 'url of an Unleash server', { authorization: token });
      try {
        await posting.post({}, signal);
      } finally {
        posting.close();
      }
    },
  };
}

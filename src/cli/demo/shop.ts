import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { flags, span } from '../../instance.js';
import { log } from '../../parts/log.js';
import { counter } from '../../signals/business.js';
import { cache, dependency } from '../../signals/dependencies.js';

type Answer = readonly [status: number, body: unknown];
/** Answers for one customer. */
type Route = (user: string) => Promise<Answer>;

/** What fails and what is slow goes by count and not by chance, so that a short look has both. */
const FULL_EVERY = 50;
const COLD_EVERY = 20;
const BROKEN_EVERY = 4;

/** A small shop: its routes, what they stand on, and how they go wrong. */
export function shop(): RequestListener {
  const database = dependency('postgres');
  const pictures = cache('pictures');
  const orders = counter('orders', {
    unit: '{order}',
    action: 'When it falls while traffic does not, try a checkout yourself.',
  });
  let scores = 0;
  let checkouts = 0;

  const scoresOf = (user: string): Promise<number[]> =>
    span('rank pictures', { attributes: { user } }, async () => {
      scores++;
      if (scores % FULL_EVERY === 7) {
        log.error({ user_id: user, queue: 64 }, 'ranking_overloaded');
        throw new Error('the ranking has no room');
      }
      const cold = scores % COLD_EVERY === 3;
      await delay(cold ? 300 + Math.random() * 300 : 2 + Math.random() * 6);
      return [1, 2, 3];
    });

  const routes: Readonly<Record<string, Route>> = {
    home: async (user) => {
      const customer = await database.time('select_customer', () => delay(1 + Math.random() * 3, { user }));
      if (!flags.boolean('recommendations', false)) return [200, { customer }];
      if (Math.random() < 0.7) {
        pictures.hit();
        return [200, { customer, picks: [1, 2, 3] }];
      }
      pictures.miss();
      return [200, { customer, picks: await scoresOf(user) }];
    },
    checkout: async (user) => {
      const fresh = flags.boolean('new_checkout', false, { targetingKey: user });
      await database.time('insert_order', () => delay(3 + Math.random() * 6));
      if (fresh && checkouts++ % BROKEN_EVERY === 0) {
        log.error({ user_id: user, card: 'declined twice' }, 'charge_failed');
        return [500, { error: 'the card was not charged' }];
      }
      orders.add(1);
      log.info({ user_id: user, checkout: fresh ? 'new' : 'old' }, 'order_placed');
      return [200, { order: checkouts }];
    },
    search: async (user) => {
      const fresh = flags.boolean('new_search', false, { targetingKey: user });
      await delay(fresh ? 2 : 4);
      return [200, { found: 12 }];
    },
  };

  return (request, response) => {
    const [, name = '', user = ''] = (request.url ?? '').split('/');
    const route = Object.hasOwn(routes, name) ? routes[name] : undefined;
    if (route === undefined) return send(response, [404, { error: 'no such page' }]);
    route(user).then(
      (answer) => send(response, answer),
      (cause: Error) => {
        log.error({ err: cause }, 'request_failed');
        send(response, [502, { error: cause.message }]);
      },
    );
  };
}

/** Its template, for requests that no framework routes. */
export function routeOf({ url = '' }: Pick<IncomingMessage, 'url'>): string | undefined {
  const [, name = ''] = /^\/(home|checkout|search)\/\w+$/.exec(url) ?? [];
  return name === '' ? undefined : `/${name}/:user`;
}

function send(response: ServerResponse, [status, body]: Answer): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

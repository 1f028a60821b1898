import { diagnostics } from '../core/diagnostics.js';
import { Ledger, type Sums } from '../rollouts/evidence-sums.js';
import { type Decision, rank } from '../rollouts/guard-decision.js';
import type { RolloutStore } from '../rollouts/stores/store.js';
import { ADD, addArguments, DECIDE, numbersOf } from './redis-scripts.js';
import { needsClient } from './vendor-client.js';

/** What is used of a client of `ioredis` 5 or 6. Whoever made it closes it. */
export interface RedisLike {
  eval(script: string, keys: number, ...args: (string | number)[]): Promise<unknown>;
  get(key: string): Promise<string | null>;
  subscribe(channel: string): Promise<unknown>;
  duplicate(): RedisLike;
  on(event: string, listener: (...args: string[]) => void): unknown;
  disconnect(): void;
}

/** For `redis(client, options)`. */
export interface RedisStoreOptions {
  /** Begins every key and channel. @default 'fourlights' */
  readonly prefix?: string | undefined;
}

const METHODS = [
  'eval',
  'get',
  'subscribe',
  'duplicate',
  'on',
  'disconnect',
] as const satisfies readonly (keyof RedisLike)[];

/** Days that nobody has added to evidence, after which it is gone. */
const KEPT_MS = 7 * 24 * 3_600_000;

/**
 * Where a fleet decides as one: `observe({ rollouts: { store: redis(new Redis()) } })`. Decisions are keys with a rank, so
 * that off wins in whatever order they come, and are published; evidence is a hash of numbers that only ever add.
 * Redis may be away, or come back empty: processes go on with what they know, and give it back what they added and decided.
 *
 * Throws a TypeError for what is no such client.
 */
export function redis(client: RedisLike, { prefix = 'fourlights' }: RedisStoreOptions = {}): RolloutStore {
  needsClient(client, { by: 'redis()', peer: 'ioredis@6', methods: METHODS });
  return new RedisStore(client, prefix);
}

/** What this process adds to one part. */
interface Own {
  /** All that was ever sent: to be given back to a Redis that has lost it. */
  readonly sent: Ledger;
  readonly waiting: Ledger;
  /** On its way, or of unknown fate: repeated under its number until there is an answer, so that it counts once. */
  flying: { readonly sequence: number; readonly sums: Sums } | undefined;
  sequence: number;
  /** Name of the hash that answered last. */
  born: string;
}

/** Parts that a process remembers: flags, times their variants, times how often they were armed. */
const MAX_PARTS = 1000;

class RedisStore implements RolloutStore {
  readonly name = 'redis';
  readonly #client: RedisLike;
  readonly #prefix: string;
  readonly #me = `${process.pid}-${Math.random().toString(36).slice(2, 12)}`;
  readonly #own = new Map<string, Own>();
  #subscriber: RedisLike | undefined;

  constructor(client: RedisLike, prefix: string) {
    this.#client = client;
    this.#prefix = prefix;
  }

  start(news: (decision: Decision) => void, back: () => void): void {
    const subscriber = this.#client.duplicate();
    this.#subscriber = subscriber;
    const subscribe = (): void => {
      subscriber.subscribe(this.#channel).then(back, () => diagnostics.drop('rollouts', 'subscribe_failed'));
    };
    subscriber.on('error', () => {}); // the client says it too, and without a listener it would end the process
    subscriber.on('ready', subscribe);
    subscriber.on('message', (_channel: string, text: string) => {
      const decision = parsed(text);
      if (decision !== undefined) news(decision);
    });
    subscribe();
  }

  async load(flag: string): Promise<Decision | undefined> {
    const text = await this.#client.get(this.#key(flag, 'decision'));
    return text === null ? undefined : parsed(text);
  }

  async decide(decision: Decision): Promise<Decision> {
    const text = JSON.stringify(decision);
    const key = this.#key(decision.flag, 'decision');
    const stored = await this.#client.eval(DECIDE, 1, key, rank(decision), text, this.#channel);
    return (typeof stored === 'string' ? parsed(stored) : undefined) ?? decision;
  }

  async add(part: string, increments: Sums, oldest: number): Promise<Sums> {
    const own = this.#ownOf(part);
    own.waiting.add(increments);
    let fields = own.flying === undefined ? undefined : await this.#fly(part, own, oldest);
    if (fields === undefined || !own.waiting.empty) {
      this.#freeze(own, own.waiting.read());
      own.sent.add(own.waiting.read());
      own.sent.forget(oldest);
      own.waiting.clear();
      fields = await this.#fly(part, own, oldest);
    }
    return numbersOf(fields);
  }

  stop(): void {
    this.#subscriber?.disconnect();
  }

  #ownOf(part: string): Own {
    const known = this.#own.get(part);
    if (known !== undefined) return known;
    const own: Own = { sent: new Ledger(), waiting: new Ledger(), flying: undefined, sequence: 0, born: '' };
    const [oldest] = this.#own.keys();
    if (this.#own.size >= MAX_PARTS && oldest !== undefined) this.#own.delete(oldest);
    this.#own.set(part, own);
    return own;
  }

  #freeze(own: Own, sums: Sums): void {
    own.sequence++;
    own.flying = { sequence: own.sequence, sums };
  }

  /** Sends what is frozen until it is there. Another hash than the one before: Redis has lost it, and gets all of ours again. */
  async #fly(part: string, own: Own, oldest: number): Promise<ReadonlyMap<string, string>> {
    for (;;) {
      const { sequence, sums } = own.flying ?? { sequence: own.sequence, sums: {} };
      const fields = await this.#send(part, sequence, sums, oldest);
      own.flying = undefined;
      const born = fields.get('born') ?? '';
      const lost = own.born !== '' && own.born !== born;
      own.born = born;
      if (!lost) return fields;
      this.#freeze(own, without(own.sent, sums));
    }
  }

  async #send(part: string, sequence: number, sums: Sums, oldest: number): Promise<Map<string, string>> {
    const key = this.#key(part.split('/')[0] ?? part, `sums:${part}`);
    const born = `${this.#me}-${sequence}`;
    const answer = await this.#client.eval(
      ADD,
      1,
      key,
      this.#me,
      sequence,
      born,
      KEPT_MS,
      oldest,
      ...addArguments(sums),
    );
    const flat = Array.isArray(answer) ? answer.map(String) : [];
    return new Map(flat.flatMap((field, i) => (i % 2 === 0 ? [[field, flat[i + 1] ?? ''] as const] : [])));
  }

  get #channel(): string {
    return `${this.#prefix}:decisions`;
  }

  /** Of one flag all keys are in one slot of a cluster. */
  #key(flag: string, what: string): string {
    return `${this.#prefix}:{${flag}}:${what}`;
  }
}

function without(all: Ledger, part: Sums): Sums {
  const rest = new Ledger();
  rest.add(all.read());
  rest.add(Object.fromEntries(Object.entries(part).map(([name, values]) => [name, values.map((value) => -value)])));
  return rest.read();
}

/** Whatever somebody else wrote there is no decision unless it looks like one. */
function parsed(text: string): Decision | undefined {
  try {
    const decision: Partial<Decision> | null = JSON.parse(text);
    const { flag, arm, stage, percent, phase, versions } = decision ?? {};
    const whole = [arm, stage, percent].every((value) => typeof value === 'number' && Number.isFinite(value));
    const known = phase === 'ramping' || phase === 'full' || phase === 'done' || phase === 'rolled_back';
    if (typeof flag === 'string' && whole && known && Array.isArray(versions)) return decision as Decision; // as decide() wrote it
  } catch {
    // told below
  }
  diagnostics.drop('rollouts', 'decision_refused');
  return undefined;
}

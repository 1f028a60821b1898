/** JSON that may be written to, as flagd-core wants it. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

type Next = () => number;

const NAMES = ['plan', 'email', 'age', 'version', 'tags', 'user.name', 'user.age', 'missing', 'score', 'id', 'flag'];
const TEXTS = ['pro', 'free', '', 'a', 'b', 'true', '10', '2.5', 'abcxyz', '1.2.3', 'v2.0.0', 'é', 'null', 'user-7'];
const NUMBERS = [0, 1, -1, 2, 2.5, 10, 100, 3e9];
const VERSIONS = ['1.0.0', '1.2.3', '2.0.0-rc.1', '2', '1.2', 'v1.2.3', 'nonsense', '1.2.3+build', '1.2.3.4'];
const VARIANTS = ['a', 'b', 'c', 'true', 'false', '10', 'nowhere'];

/** Rules and contexts by a seed: sound ones mostly, and of every kind of wrong one some. */
export class RandomRules {
  readonly #next: Next;

  constructor(next: Next) {
    this.#next = next;
  }

  pick<T>(items: readonly [T, ...T[]] | readonly T[]): T {
    return items[Math.floor(this.#next() * items.length)] as T;
  }

  chance(share: number): boolean {
    return this.#next() < share;
  }

  context(): Record<string, Json> {
    const entries: [string, Json][] = [];
    const maybe = (key: string, value: () => Json): void => {
      if (this.chance(0.75)) entries.push([key, this.chance(0.08) ? null : value()]);
    };
    maybe('targetingKey', () =>
      this.chance(0.1)
        ? this.pick(NUMBERS)
        : this.pick(['u1', 'u2', 'user-é', '用户', `u${Math.floor(this.#next() * 1e6)}`, '']),
    );
    maybe('plan', () => this.pick(['pro', 'free', 'a', '']));
    maybe('email', () => this.pick(['x@a.com', 'y@b.org', 'é@c.net']));
    maybe('age', () => (this.chance(0.2) ? this.pick(TEXTS) : this.pick(NUMBERS)));
    maybe('version', () => (this.chance(0.1) ? this.pick(NUMBERS) : this.pick(VERSIONS)));
    maybe('tags', () => (this.chance(0.2) ? [] : [this.pick(TEXTS), this.pick(TEXTS), this.pick(NUMBERS)]));
    maybe('user', () => ({ name: this.pick(TEXTS), age: this.pick(NUMBERS) }));
    maybe('score', () => this.pick(NUMBERS));
    maybe('id', () => this.pick(TEXTS));
    maybe('flag', () => this.chance(0.5));
    return Object.fromEntries(entries);
  }

  /** What stands under `targeting`. */
  targeting(): Record<string, Json> {
    if (this.chance(0.35)) return this.#split(2);
    if (this.chance(0.1)) return this.#condition(3);
    const branches: Json[] = [];
    for (let i = 0; i <= Math.floor(this.#next() * 3); i++) branches.push(this.#condition(3), this.#variant(2));
    if (this.chance(0.7)) branches.push(this.#variant(2));
    return { if: branches };
  }

  #variant(depth: number): Json {
    if (depth > 0 && this.chance(0.15)) return this.#split(depth - 1);
    return this.chance(0.1) ? this.pick([null, true, false, 10]) : this.pick(VARIANTS);
  }

  #split(depth: number): Record<string, Json> {
    const buckets: Json[] = [];
    for (let i = 0; i <= Math.floor(this.#next() * 4); i++) {
      const variant: Json = depth > 0 && this.chance(0.1) ? this.#value(1) : this.#variant(0);
      const weight: Json = this.chance(0.06)
        ? this.pick([-5, 1.5, '25', null, 2 ** 31])
        : depth > 0 && this.chance(0.1)
          ? { if: [this.#condition(1), 30, 70] }
          : Math.floor(this.#next() * 100);
      buckets.push(this.chance(0.2) ? [variant] : [variant, weight]);
    }
    if (this.chance(0.5)) return { fractional: buckets };
    const by: Json = this.chance(0.7)
      ? {
          cat: [
            this.chance(0.5) ? { var: '$flagd.flagKey' } : 'salt',
            { var: this.pick(['email', 'id', 'user.name', 'age', 'targetingKey']) },
          ],
        }
      : this.#value(1);
    return { fractional: [by, ...buckets] };
  }

  #condition(depth: number): Record<string, Json> {
    const value = (): Json => this.#value(depth - 1);
    const number = (): Json => this.#number(depth - 1);
    const within = (): Json => (depth > 1 ? this.#condition(depth - 1) : { var: 'flag' });
    return this.pick<() => Record<string, Json>>([
      () => ({ '==': [value(), value()] }),
      () => ({ '==': [{ var: 'plan' }, this.pick(['pro', 'free'])] }),
      () => ({ '!=': [value(), value()] }),
      () => ({ '===': [value(), value()] }),
      () => ({ '!==': [value(), value()] }),
      () => ({ [this.pick(['<', '<=', '>', '>='])]: [number(), number()] }),
      () => ({ [this.pick(['<', '<='])]: [number(), number(), number()] }),
      () => ({ [this.pick(['<', '>'])]: [value(), value()] }),
      () => ({ and: [within(), value()] }),
      () => ({ or: [within(), value(), within()] }),
      () => ({ '!': [within()] }),
      () => ({ '!': value() }),
      () => ({ '!!': [value()] }),
      () => ({
        in: [
          value(),
          this.chance(0.5) ? { var: 'tags' } : this.pick<Json>(['abcxyz', ['pro', 'free', 10], [...TEXTS]]),
        ],
      }),
      () => ({ in: [value(), value()] }),
      () => ({ starts_with: [value(), this.pick(['a', 'ab', 'user'])] }),
      () => ({ ends_with: this.chance(0.1) ? [value()] : [value(), this.pick(['z', 'xyz', '7'])] }),
      () => ({
        sem_ver: [
          this.chance(0.8) ? { var: 'version' } : value(),
          this.pick(['=', '!=', '<', '<=', '>', '>=', '^', '~', '==']),
          this.pick(VERSIONS),
        ],
      }),
      () => ({ missing: [this.pick(NAMES), this.pick(NAMES)] }),
      () => ({ missing_some: [1, [this.pick(NAMES), this.pick(NAMES), this.pick(NAMES)]] }),
      () => ({
        [this.pick(['all', 'some', 'none'])]: [
          { var: 'tags' },
          { [this.pick(['==', '!=', '==='])]: [{ var: '' }, this.pick<Json>([...TEXTS, ...NUMBERS])] },
        ],
      }),
    ])();
  }

  #value(depth: number): Json {
    if (depth <= 0 || this.chance(0.5)) {
      return this.pick<() => Json>([
        () => ({ var: this.pick(NAMES) }),
        () => ({ var: this.pick(NAMES) }),
        () => ({ var: [this.pick(NAMES), this.pick<Json>([...TEXTS, ...NUMBERS])] }),
        () => this.pick(TEXTS),
        () => this.pick(NUMBERS),
        () => this.pick<Json>([null, true, false]),
        () => ({ var: this.pick(['$flagd.flagKey', 'targetingKey', 'tags.0', 'tags.7']) }),
      ])();
    }
    return this.pick<() => Json>([
      () => ({ cat: [this.#value(depth - 1), this.#value(depth - 1)] }),
      () => ({
        substr: [{ var: this.pick(['plan', 'email', 'id', 'age']) }, this.pick([0, 1, -2, 3]), this.pick([1, 2, -1])],
      }),
      () => ({ substr: [this.pick(TEXTS), this.pick([0, 1, -2, 30])] }),
      () => ({ if: [this.#condition(1), this.#value(depth - 1), this.#value(depth - 1)] }),
      () => ({ merge: [{ var: 'tags' }, this.#value(0), ['x']] }),
      () => ({ map: [{ var: 'tags' }, { cat: [{ var: '' }, '!'] }] }),
      () => ({ filter: [{ var: 'tags' }, { '!==': [{ var: '' }, this.pick(TEXTS)] }] }),
      () => ({ reduce: [{ var: 'tags' }, { cat: [{ var: 'accumulator' }, { var: 'current' }] }, ''] }),
      () => this.#number(depth),
    ])();
  }

  #number(depth: number): Json {
    if (depth <= 0 || this.chance(0.4)) {
      return this.pick<() => Json>([
        () => ({ var: this.pick(['age', 'score', 'user.age', 'missing']) }),
        () => this.pick(NUMBERS),
      ])();
    }
    const operator = this.pick(['+', '-', '*', '/', '%', 'min', 'max']);
    const args = [this.#number(depth - 1), this.#number(depth - 1), ...(this.chance(0.3) ? [this.#value(0)] : [])];
    return { [operator]: args };
  }
}

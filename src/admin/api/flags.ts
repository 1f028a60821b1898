import { listed } from '../../core/nearest.js';
import type { FlagState } from '../../flags/changes.js';
import { type FlagValue, kindOf } from '../../flags/evaluation.js';
import type { GoldenSignals } from '../../signals/golden-signals.js';
import type { Guest } from '../access.js';
import { brief, type Times, times } from '../figures.js';
import { Refusal, type Resource, type Stamped } from './resource.js';
import type { AdminSources } from './sources.js';

export interface VariantRow extends Times {
  readonly variant: string;
  readonly value: string | null;
  /** Requests that were shown it in the last minute, and since the start. */
  readonly exposures: number;
  readonly total: number;
  readonly errors: number;
  readonly errorRatio: number | null;
}

export interface FlagRow {
  readonly key: string;
  readonly source: string;
  readonly state: 'ENABLED' | 'DISABLED';
  /** What stands above the document: `kill`, `override`, `shed`. */
  readonly layer: string | null;
  readonly forced: string | null;
  readonly kind: string;
  readonly defaultVariant: string | null;
  /** Its rule, as flagd writes it; `null`: the same for everyone. */
  readonly targeting: string | null;
  readonly metadata: Readonly<Record<string, string | number | boolean>>;
  readonly variants: readonly VariantRow[];
}

export interface FlagsAnswer extends Stamped {
  readonly status: string;
  readonly source: string;
  readonly flags: readonly FlagRow[];
}

type Wish = Readonly<Record<string, unknown>>;

/** Flags with their variants side by side, and what can be done about them in this process. */
export function flags(sources: AdminSources): Resource {
  const { clock, flags: client, snapshot } = sources;
  return {
    read: () => {
      const { variants } = snapshot();
      const { status, source } = client.health();
      const rows = client
        .snapshot()
        .slice(0, 1000)
        .map((flag) => flagRow(flag, variants[flag.key]));
      return { at: Math.round(clock.now()), status, source, flags: rows.sort((a, b) => a.key.localeCompare(b.key)) };
    },
    change: (wish, guest) => {
      const { action, key } = wish;
      if (typeof action !== 'string' || !isAction(action)) {
        throw new Refusal(400, `action is one of ${Object.keys(actions).join(', ')}`);
      }
      if (typeof key !== 'string' || !client.snapshot().some((flag) => flag.key === key)) {
        throw new Refusal(404, 'no flag of that key is known here');
      }
      const noted = actions[action](sources, key, wish, guest);
      sources.tell('admin_flag_changed', { flag_key: key, action, ...noted, ...from(guest) });
      return { done: action, key };
    },
  };
}

/** What can be done to a flag; each answers with what the log says of it. A new one is a line here. */
const actions = {
  kill: ({ flags: client }: AdminSources, key: string, { reason }: Wish, guest: Guest) => {
    const said =
      typeof reason === 'string' && reason.trim() !== '' ? reason.trim().slice(0, 200) : 'from the status page';
    client.kill(key, `${said}${guest.name === undefined ? '' : ` (${guest.name})`}`);
    return { reason: said };
  },
  lift: ({ flags: client }: AdminSources, key: string, { layer }: Wish, _guest: Guest) => {
    if (layer !== 'kill' && layer !== 'override' && layer !== 'shed') {
      throw new Refusal(400, 'layer is one of kill, override, shed');
    }
    client.lift(layer, key);
    return { layer };
  },
  override: ({ flags: client }: AdminSources, key: string, { variant, minutes }: Wish, _guest: Guest) => {
    const variants = client.snapshot().find((flag) => flag.key === key)?.variants ?? {};
    if (typeof variant !== 'string' || !Object.hasOwn(variants, variant)) {
      throw new Refusal(400, `variant is one of ${listed(Object.keys(variants)) || 'none: the flag has no variants'}`);
    }
    if (minutes !== undefined && !(typeof minutes === 'number' && minutes > 0 && minutes <= 24 * 60)) {
      throw new Refusal(400, 'minutes is a number above 0, at most 1440');
    }
    const value: FlagValue | undefined = variants[variant];
    if (value === undefined) throw new Refusal(400, 'that variant has no value');
    client.override(key, value, { ttlMs: minutes === undefined ? undefined : minutes * 60_000 });
    return { variant, minutes };
  },
} as const;

function isAction(name: string): name is keyof typeof actions {
  return Object.hasOwn(actions, name);
}

export function from({ by, name, address }: Guest): Record<string, unknown> {
  return { admin_name: name, admin_by: by, client_address: address };
}

function flagRow(flag: FlagState, shown: GoldenSignals['variants'][string] = {}): FlagRow {
  const names = new Set([...Object.keys(flag.variants), ...Object.keys(shown)]);
  const some = Object.values(flag.variants)[0];
  return {
    key: flag.key,
    source: flag.source,
    state: flag.state,
    layer: flag.layer ?? null,
    forced: json(flag.forced),
    kind: kindOf(some) ?? 'unknown',
    defaultVariant: flag.defaultVariant ?? null,
    targeting: json(flag.targeting),
    metadata: flag.metadata,
    variants: [...names].map((name) => variantRow(name, flag.variants[name], shown[name])),
  };
}

function variantRow(
  variant: string,
  value: FlagValue | undefined,
  signals: GoldenSignals['variants'][string][string] | undefined,
): VariantRow {
  const none = { count: 0, p50: null, p95: null, p99: null, max: null };
  return {
    variant,
    value: json(value),
    ...(signals === undefined ? none : times(signals.latency)),
    exposures: signals?.exposures ?? 0,
    total: signals?.total ?? 0,
    errors: signals?.errors.count ?? 0,
    errorRatio: brief(signals?.errors.ratio ?? null),
  };
}

function json(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value).slice(0, 2000);
}

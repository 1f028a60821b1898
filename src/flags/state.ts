import type { FlagState } from './changes.js';
import { NO_METADATA } from './evaluation.js';
import type { FlagSet } from './flag-set.js';
import type { Overlay } from './overlay.js';

/** One flag as it stands; `undefined`: nothing knows it. */
export function stateOf(key: string, { flags, source }: FlagSet, overlay: Overlay): FlagState | undefined {
  const above = overlay.strongest(key);
  const flag = flags.get(key);
  if (flag === undefined && above === undefined) return undefined;
  const definition = flag?.definition;
  return Object.freeze({
    key,
    source: flag === undefined ? 'none' : source,
    state: definition?.state ?? 'DISABLED',
    layer: above?.layer,
    variants: Object.freeze(Object.fromEntries(definition?.variants ?? [])),
    defaultVariant: definition?.defaultVariant,
    targeting: definition?.targeting,
    metadata: definition?.metadata ?? NO_METADATA,
    forced: above?.outcome.value,
  });
}

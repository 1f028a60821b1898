import type { VariantSignals } from '../../signals/golden-signals.js';
import type { Reading } from './reading.js';
import type { View } from './view.js';

/** One reading for each variant that `key` means: all, those of one flag, or `new_checkout/on`. */
export function perVariant(
  read: (variant: VariantSignals) => Pick<Reading, 'value' | 'samples'>,
): (view: View, key: string | undefined) => Reading[] {
  return ({ snapshot }, key) =>
    Object.entries(snapshot.variants ?? {}).flatMap(([flag, variants]) =>
      Object.entries(variants)
        .filter(([variant]) => key === undefined || key === '*' || key === flag || key === `${flag}/${variant}`)
        .map(([variant, signals]) => ({ key: `${flag}/${variant}`, labels: { flag, variant }, ...read(signals) })),
    );
}

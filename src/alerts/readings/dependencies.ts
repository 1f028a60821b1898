import type { DependencySignals } from '../../signals/golden-signals.js';
import type { Reading } from './reading.js';
import { shareOf } from './share.js';
import { isLong, type View } from './view.js';

type Read = (dependency: DependencySignals) => Pick<Reading, 'value' | 'samples'> | undefined;

/** One reading for each dependency that `key` means and that has such a figure. */
export function perDependency(read: Read): (view: View, key: string | undefined) => Reading[] {
  return ({ snapshot }, key) =>
    Object.entries(snapshot.dependencies).flatMap(([name, dependency]) => {
      const figure = isMeant(name, key) ? read(dependency) : undefined;
      return figure === undefined ? [] : [{ ...named(name), ...figure }];
    });
}

export function dependencyErrors(view: View, key: string | undefined): Reading[] {
  const { dependencies } = view.sources;
  if (!isLong(view) || dependencies === undefined) return ofSnapshot(view, key);
  return dependencies()
    .filter(({ name }) => isMeant(name, key))
    .map(({ name, total, aborted, errors }) => ({
      ...named(name),
      ...shareOf(view, name, { ended: total - aborted, bad: errors }),
    }));
}

const ofSnapshot = perDependency(({ errors, latency }) => ({ value: errors.ratio, samples: latency.count }));

/** A figure that is not made of samples, where this dependency has it. */
export function plain(value: number | null | undefined): Pick<Reading, 'value' | 'samples'> | undefined {
  return value === undefined ? undefined : { value, samples: 0 };
}

function isMeant(name: string, key: string | undefined): boolean {
  return key === undefined || key === '*' || key === name;
}

function named(name: string): Pick<Reading, 'key' | 'labels'> {
  return { key: name, labels: { dependency: name } };
}

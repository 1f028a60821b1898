import type { dashboard } from '../../../src/alerts/generate/grafana.js';

/** Title and expression of every line of every panel. */
export function expressionsOf({ panels = [] }: ReturnType<typeof dashboard>): [title: string, expression: string][] {
  return panels.flatMap((panel) => {
    const targets = 'targets' in panel ? (panel.targets ?? []) : [];
    return targets.map((target): [string, string] => {
      const { expr } = target as { readonly expr?: string }; // a Prometheus query, as all of ours are
      return [panel.title ?? '', expr ?? ''];
    });
  });
}

import type { Family } from './family.js';
import { baseName, unitWord } from './prometheus-name.js';

/** How the two text formats differ. */
export interface Format {
  readonly contentType: string;
  readonly exemplars: boolean;
  /** The lines before a family's samples. */
  head(family: Family): string;
  /** The last line. */
  readonly end: string;
}

/** Prometheus text exposition format 0.0.4. */
const prometheus: Format = {
  contentType: 'text/plain; version=0.0.4; charset=utf-8',
  exemplars: false,
  head: (family) => {
    const name = sampleName(family);
    return `# HELP ${name} ${escaped(helpOf(family))}\n# TYPE ${name} ${family.type}\n`;
  },
  end: '',
};

/** OpenMetrics 1.0.0: a counter's family has no `_total`, a unit must end the name, the text says where it ends. */
const openMetrics: Format = {
  contentType: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
  exemplars: true,
  head: (family) => {
    // A counter of somebody else's keeps its name, and one without `_total` is none in this format.
    const nameless = family.type === 'counter' && !sampleName(family).endsWith('_total');
    const name = nameless ? sampleName(family) : baseName(family);
    const unit = family.foreign ? '' : unitWord(family);
    const unitLine = unit === '' || !name.endsWith(`_${unit}`) ? '' : `# UNIT ${name} ${unit}\n`;
    const help = escaped(helpOf(family)).replaceAll('"', '\\"');
    return `# TYPE ${name} ${nameless ? 'unknown' : family.type}\n${unitLine}# HELP ${name} ${help}\n`;
  },
  end: '# EOF\n',
};

export const formats = { prometheus, openMetrics } as const satisfies Readonly<Record<string, Format>>;

export type FormatName = keyof typeof formats;

/** The name before `{`, `_bucket` and its like apart. */
export function sampleName(family: Family): string {
  if (family.foreign) return family.name;
  const name = baseName(family);
  return family.type === 'counter' ? `${name}_total` : name;
}

function helpOf(family: Family): string {
  const unit = family.foreign ? '' : unitWord(family) || family.unit.replace(/[{}]/g, '');
  const parts = [
    family.help,
    unit !== '' && unit !== '1' ? `Unit: ${unit}.` : '',
    family.action && `Action: ${family.action}`,
  ];
  return parts.filter((part) => part !== '').join(' ');
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

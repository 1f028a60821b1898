/** Names of series and of labels that a PromQL expression speaks of. */
export interface Mentioned {
  readonly series: readonly string[];
  readonly labels: readonly string[];
}

const GROUPED = /\b(?:by|on|ignoring|without)\s*\(([^)]*)\)/g;
const WORDS = new Set(['or', 'and', 'unless', 'offset', 'NaN', 'by', 'on']);

/** Good for what we generate: no subqueries, no names that are also functions. */
export function mentioned(expression: string): Mentioned {
  const labels: string[] = [];
  const bare = expression
    .replace(/"(?:[^"\\]|\\.)*"/g, '""')
    .replace(/\[[^\]]*\]/g, '')
    .replace(/\boffset\s+\S+/g, '')
    .replace(GROUPED, (_, inside: string) => {
      labels.push(...inside.split(',').map((label) => label.trim()));
      return '';
    })
    .replace(/\{([^}]*)\}/g, (_, inside: string) => {
      labels.push(...[...inside.matchAll(/(\w+)\s*[=!]/g)].map(([, label]) => label ?? ''));
      return '';
    });
  const series = [...bare.matchAll(/[a-zA-Z_:][\w:]*(?!\w*\s*\()/g)].map(([name]) => name);
  return { series: series.filter((name) => !WORDS.has(name) && !isFunction(bare, name)), labels };
}

function isFunction(text: string, name: string): boolean {
  return new RegExp(`(?<![\\w:])${name}\\s*\\(`).test(text);
}

/** @param {string[]} head @param {string[][]} rows Markdown's table; all columns but the first are figures. */
export function table(head, rows) {
  const ruler = head.map((_, column) => (column === 0 ? '---' : '---:'));
  return [head, ruler, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** A figure with no more digits than it has meaning: 1234, 12.3, 1.23, 0.123. */
export function figure(value) {
  const size = Math.abs(value);
  if (size >= 100 || value === 0) return value.toFixed(0);
  return value.toFixed(size >= 10 ? 1 : size >= 1 ? 2 : 3);
}

/** @param {import('./summary.mjs').Spread} spread @param {(value: number) => string} [write] */
export const range = ({ median, min, max }, write = figure) => `${write(median)} (${write(min)}..${write(max)})`;

export const fixed = (digits) => (value) => value.toFixed(digits);

export const failed = (failures) =>
  failures.map(({ name, message }) => `**${name} has no figures**: ${message.split('\n')[0]}`).join('\n\n');

import type { Row } from '../figures.js';
import { type Goal, type GoalRow, goals } from './goals.js';
import { isBeyond, type MeasureName, measure } from './measures.js';

export interface Circumstances {
  readonly node: string;
  readonly cores: number;
  /** Mean number of processes that wanted to run, over the last 15 minutes. */
  readonly load: number;
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

const written = (value: number): string =>
  Math.abs(value) >= 100 || Number.isInteger(value) ? Math.round(value).toLocaleString('en-GB') : value.toFixed(1);

/** `atLeast` counts work done, which adds up; of all else the worst figure counts. */
function reached(name: MeasureName, rows: readonly Row[]): string {
  const { says, unit, atLeast } = measure(name);
  const figures = rows.flatMap((row) => {
    const value = row.measured?.[name];
    return value === undefined ? [] : [{ row, value }];
  });
  if (figures.length === 0) return `${says}: not measured`;
  const worst = figures.reduce((most, each) => (each.value > most.value ? each : most));
  const value = atLeast === undefined ? worst.value : figures.reduce((sum, each) => sum + each.value, 0);
  const text = `${says}: ${written(value)}${unit === '' ? '' : ` ${unit}`}`;
  if (!isBeyond(name, value)) return text;
  return `**${text}** (beyond the goal, in "${worst.row.name}": ${worst.row.beyond ?? 'a time of a busy machine'})`;
}

function goalLine(number: Goal, rows: readonly Row[]): string {
  const row: GoalRow = goals[number];
  const { goal, figure, shownBy, elsewhere } = row;
  const shown = shownBy.map((name) => reached(name, rows));
  const figures = [...shown, ...(elsewhere === undefined ? [] : [elsewhere])].join('; ');
  return `| ${number} | ${goal} | ${cell(figure)} | ${cell(figures)} | \`npm run test:faults -- -t 'G${number}\\b'\` |`;
}

const faultLine = ({ group, name, promise, text, goals: shows }: Row): string =>
  `| ${group} | ${cell(name)} | ${cell(promise)} | ${cell(text)} | ${shows.join(', ')} |`;

/** docs/reliability.md, from the figures of one run. */
export function documentOf(rows: readonly Row[], { node, cores, load }: Circumstances): string {
  const numbers = Object.keys(goals).map((key) => Number(key) as Goal);
  return `# Reliability

What the library promises to the service that it lives in, and how far it gets. \`npm run test:faults\` does each fault to
real processes, sockets, disks and signals and writes this page; \`npm test\` does the same in small sizes.

Measured on Node ${node}, ${cores} cores, load ${load.toFixed(1)}: counts, losses, bytes and exit codes are exact, times are of that machine.

## Goals

Of several figures the worst one is shown.

| # | goal | figure asked for | figure reached | command |
| --- | --- | --- | --- | --- |
${numbers.map((number) => goalLine(number, rows)).join('\n')}

## Faults

${rows.length} faults. After each of them the service still answers, no request is left in flight, and it ends by SIGTERM as it would without the
library: no exit, no uncaught error and no rejection of ours.

| group | fault | promise | figure | goals |
| --- | --- | --- | --- | --- |
${rows.map(faultLine).join('\n')}
`;
}

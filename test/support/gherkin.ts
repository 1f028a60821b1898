/** One row to run: a scenario, or an outline with one example filled in. */
export interface Row {
  readonly name: string;
  readonly tags: ReadonlySet<string>;
  readonly steps: readonly Step[];
}

export interface Step {
  readonly text: string;
  /** Rows of the table below the step, the head first. */
  readonly table: readonly (readonly string[])[];
}

interface Block {
  kind: 'background' | 'scenario' | 'examples';
  name: string;
  tags: string[];
  steps: { text: string; table: string[][] }[];
  table: string[][];
}

const STEP = /^(?:Given|When|Then|And|But|\*)\s+(.*)$/;
const BLOCK = /^(Feature|Rule|Background|Scenario Outline|Scenario|Example|Examples|Scenarios):\s*(.*)$/;

/** Reads as much of Gherkin as the suites here use: backgrounds, outlines with several example tables, tags, tables. */
export function rowsOf(text: string): Row[] {
  const { featureTags, blocks } = blocksOf(text);
  const background = blocks.filter(({ kind }) => kind === 'background').flatMap(({ steps }) => steps);
  const rows: Row[] = [];
  let outline: Block | undefined;
  for (const [index, block] of blocks.entries()) {
    if (block.kind === 'scenario') {
      outline = block;
      if (blocks[index + 1]?.kind !== 'examples') rows.push(rowOf(block, background, featureTags, new Map()));
    }
    if (block.kind !== 'examples' || outline === undefined) continue;
    const [head = [], ...examples] = block.table;
    for (const example of examples) {
      const values = new Map(head.map((name, column) => [name, example[column] ?? '']));
      rows.push(rowOf(outline, background, [...featureTags, ...block.tags], values));
    }
  }
  return rows;
}

function rowOf(
  { name, tags, steps }: Block,
  background: Block['steps'],
  more: readonly string[],
  values: ReadonlyMap<string, string>,
): Row {
  const filled = (text: string): string =>
    text.replace(/<([^<>]+)>/g, (whole, key: string) => values.get(key) ?? whole);
  return {
    name: [name, ...values.values()].join(' | '),
    tags: new Set([...tags, ...more]),
    steps: [...background, ...steps].map(({ text, table }) => ({
      text: filled(text),
      table: table.map((cells) => cells.map(filled)),
    })),
  };
}

function blocksOf(text: string): { featureTags: string[]; blocks: Block[] } {
  const blocks: Block[] = [];
  let tags: string[] = [];
  let featureTags: string[] = [];
  for (const line of text.split('\n').map((raw) => raw.trim())) {
    if (line === '' || line.startsWith('#')) continue;
    if (line.startsWith('@')) {
      tags.push(...line.split(/\s+/));
      continue;
    }
    const opening = BLOCK.exec(line);
    const current = blocks.at(-1);
    if (opening !== null) {
      const [, word = '', name = ''] = opening;
      if (word === 'Feature') featureTags = tags;
      else if (word !== 'Rule') blocks.push({ kind: kindOf(word), name, tags, steps: [], table: [] });
      tags = [];
    } else if (line.startsWith('|')) {
      (current?.kind === 'examples' ? current.table : current?.steps.at(-1)?.table)?.push(cellsOf(line));
    } else {
      const step = STEP.exec(line)?.[1];
      if (step !== undefined) current?.steps.push({ text: step, table: [] });
    }
  }
  return { featureTags, blocks };
}

function kindOf(word: string): Block['kind'] {
  if (word === 'Background') return 'background';
  return word === 'Examples' || word === 'Scenarios' ? 'examples' : 'scenario';
}

function cellsOf(line: string): string[] {
  const cells = line.split(/(?<!\\)\|/).slice(1, -1);
  return cells.map((cell) => cell.trim().replace(/\\\|/g, '|').replace(/\\n/g, '\n').replace(/\\\\/g, '\\'));
}

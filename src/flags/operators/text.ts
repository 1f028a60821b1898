import type { Compiling, Json, Operator, Rule } from '../rule.js';

/** Of what a rule puts together: doubled at each element of a list, a text would fill the memory. */
const MOST_CHARS = 100_000;

/** How a value reads within a text: nothing where there is none. Throws for what is too long. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return value === null || value === undefined ? '' : asText(value);
}

/** `String(value)` with an end: a list that holds one list twice, which holds another twice, is small and reads without end. */
export function asText(value: unknown): string {
  if (!Array.isArray(value)) return String(value);
  let text = '';
  for (let i = 0; i < value.length; i++) text = within(i === 0 ? textOf(value[i]) : `${text},${textOf(value[i])}`);
  return text;
}

function within(text: string): string {
  if (text.length > MOST_CHARS) throw new RangeError(`a text of more than ${MOST_CHARS} characters`);
  return text;
}

const cat: Operator = (_args, compiling) => {
  const parts = compiling.parts().map(({ run }) => run);
  return (scope) => {
    let text = '';
    for (let i = 0; i < parts.length; i++) text = within(text + textOf((parts[i] as Rule)(scope)));
    return text;
  };
};

/** From this many on, a list that never changes is looked up and not searched. */
const SET_FROM = 8;

const includes: Operator = (_args, compiling) => {
  const needle = compiling.part(0).run;
  const haystack = compiling.part(1);
  if (Array.isArray(haystack.fixed) && haystack.fixed.length > SET_FROM) {
    const members: ReadonlySet<unknown> = new Set(haystack.fixed);
    return (scope) => members.has(needle(scope));
  }
  const { run } = haystack;
  return (scope) => contains(run(scope), needle(scope));
};

function contains(haystack: unknown, needle: unknown): boolean {
  if (!haystack) return false; // an empty text holds nothing, not even an empty one: as flagd has it
  if (typeof haystack === 'string') return needle !== null && haystack.includes(asText(needle));
  if (Array.isArray(haystack)) return haystack.includes(needle);
  throw new TypeError('in looks into a text or a list');
}

/** Units of UTF-16, counted from the end where negative. */
const substr: Operator = (args, compiling) => {
  const text = compiling.part(0).run;
  const from = compiling.part(1).run;
  const size = args[2] === undefined ? undefined : compiling.part(2).run;
  return (scope) => {
    const value = text(scope);
    if (typeof value !== 'string') throw new TypeError('substr takes a text');
    const length = value.length;
    const given = whole(from(scope));
    const start = given < 0 ? Math.max(0, length + given) : Math.min(given, length);
    if (size === undefined) return value.slice(start);
    const wanted = whole(size(scope));
    return value.slice(start, wanted < 0 ? Math.max(start, length + wanted) : start + wanted);
  };
};

function whole(value: unknown): number {
  return Math.trunc(Number(Array.isArray(value) ? asText(value) : value) || 0);
}

/** Null where there are not two texts, so that the default variant serves and no variant named "false" is looked for. */
function edge(name: string, test: (text: string, part: string) => boolean): Operator {
  return (args: readonly Json[], compiling) => {
    if (args.length !== 2) {
      compiling.warn(`${name} takes two texts`);
      return nothingOf(compiling);
    }
    const text = compiling.part(0).run;
    const part = compiling.part(1).run;
    return (scope) => {
      const [a, b] = [text(scope), part(scope)];
      return typeof a === 'string' && typeof b === 'string' ? test(a, b) : null;
    };
  };
}

/** Null, after the arguments: one that throws, throws all the same. */
export function nothingOf(compiling: Compiling): Rule {
  const parts = compiling.parts().map(({ run }) => run);
  return (scope) => {
    for (const run of parts) run(scope);
    return null;
  };
}

export const text = {
  cat,
  in: includes,
  substr,
  starts_with: edge('starts_with', (a, b) => a.startsWith(b)),
  ends_with: edge('ends_with', (a, b) => a.endsWith(b)),
} as const satisfies Record<string, Operator>;

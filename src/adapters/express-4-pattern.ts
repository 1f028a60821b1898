/** One group of a pattern: Express 4 numbers those without a name. */
export interface Key {
  readonly name: string | number;
}

/** One of the patterns that a layer of Express 4 was given. */
export interface Alternative {
  readonly pattern: RegExp;
  /** As the application wrote it, or the regular expression itself. */
  readonly template: string;
}

/** Express 4 compiles a mount to an expression with the first ending, a route to one with the second. */
const ENDINGS = ['\\/?(?=\\/|$)', '\\/?$'];
const NEXT_ALTERNATIVE = /(?<=\$\)?)\|(?=\^)/;

const known = new WeakMap<object, readonly Alternative[]>();

/** The patterns of a layer, read back from what Express 4 compiled them to: it keeps nothing else. */
export function alternativesOf(layer: object, regexp: RegExp, keys: readonly Key[]): readonly Alternative[] {
  const alternatives = known.get(layer) ?? decompiled(regexp, keys);
  known.set(layer, alternatives);
  return alternatives;
}

function decompiled(regexp: RegExp, keys: readonly Key[]): readonly Alternative[] {
  const reader = new PatternReader(keys);
  return regexp.source.split(NEXT_ALTERNATIVE).map((source) => {
    const ending = ENDINGS.find((each) => source.endsWith(each));
    const pattern = new RegExp(source, regexp.flags);
    if (ending === undefined || !source.startsWith('^')) return { pattern, template: String(pattern) };
    return { pattern, template: reader.read(source.slice(1, -ending.length)) };
  });
}

/** What a parameter without a pattern of its own compiles to, by the versions of path-to-regexp 0.1. */
const ANY_VALUE = /^(\[\^\\?\/[^\]]*\]\+\?|\(\?:\(\?!.*\)\.\)\+\?)$/;
/** A group that is all of a parameter, with the slash or dot before it. */
const PARAMETER = /^(\\\.)?(\\\/)?(\\\.)?\(/;

/** Puts the names back where their groups are; one reader reads all patterns of a layer, which share their keys. */
class PatternReader {
  readonly #keys: readonly Key[];
  #group = 0;

  constructor(keys: readonly Key[]) {
    this.#keys = keys;
  }

  read(source: string): string {
    let text = '';
    for (let at = 0; at < source.length; ) {
      const end = source[at] === '(' ? groupEnd(source, at) : at + (source[at] === '\\' ? 2 : 1);
      const part = source.slice(at, end);
      if (part.startsWith('(?:')) text += this.#plain(part.slice(3, -1));
      else if (part.startsWith('(')) text += this.#capture(part.slice(1, -1));
      else text += /^\\[^\w]/.test(part) ? part.slice(1) : part;
      at = end;
    }
    return text;
  }

  #plain(body: string): string {
    return PARAMETER.test(body) ? this.read(body) : `(${this.read(body)})`;
  }

  #capture(body: string): string {
    const name = this.#keys[this.#group++]?.name;
    this.#group += body.replace(/\\./g, '').match(/\((?!\?)/g)?.length ?? 0;
    if (typeof name === 'string') return ANY_VALUE.test(body) ? `:${name}` : `:${name}(${body})`;
    return body === '.*' || body.startsWith('(?:[') ? '*' : `(${body})`;
  }
}

function groupEnd(source: string, start: number): number {
  let depth = 0;
  for (let at = start; at < source.length; at++) {
    if (source[at] === '\\') at++;
    else if (source[at] === '(') depth++;
    else if (source[at] === ')' && --depth === 0) return at + 1;
  }
  return source.length;
}

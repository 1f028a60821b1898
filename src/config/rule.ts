/** What one option accepts. `expects` completes the sentence "must be ...". */
export interface Rule {
  readonly expects: string;
  accepts(value: unknown): boolean;
}

/** The tree of options: a leaf is a rule, a branch holds more options. */
export interface Branch {
  readonly [key: string]: Rule | Branch;
  /** `false` turns the whole part off. */
  readonly [OFF]?: true;
}

const OFF: unique symbol = Symbol('may be off');

/** A branch that may be given as `false`. */
export function orFalse<B extends Branch>(branch: B): B {
  return { ...branch, [OFF]: true };
}

export function mayBeOff(branch: Branch): boolean {
  return branch[OFF] === true;
}

export function isRule(node: Rule | Branch): node is Rule {
  return typeof node['accepts'] === 'function';
}

export const isText = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '';
export const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
export const listOf = (value: unknown, accepts: (item: unknown) => boolean): boolean =>
  Array.isArray(value) && value.every(accepts);
export const isNumber = (value: unknown, from: number, to: number): boolean =>
  typeof value === 'number' && value >= from && value <= to;
export const rule = (expects: string, accepts: (value: unknown) => boolean): Rule => ({ expects, accepts });

export const text: Rule = rule('a text that is not empty', isText);
export const flag: Rule = rule('true or false', (value) => typeof value === 'boolean');

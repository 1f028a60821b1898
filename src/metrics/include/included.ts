import type { Family } from '../family.js';

/** Metrics of somebody else's that are shown with ours. */
export interface Included {
  /** For notices. */
  readonly title: string;
  collect(): Promise<readonly Family[]>;
}

/** A value read by name, whatever it is. */
export function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

/** Calls a method of an object that is known by its shape alone. */
export function call(target: object, name: string, ...args: readonly unknown[]): unknown {
  const method = field(target, name);
  return typeof method === 'function' ? Reflect.apply(method, target, args) : undefined;
}

export function has(target: unknown, name: string): target is object {
  return typeof field(target, name) === 'function';
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

export function number(value: unknown): number {
  return typeof value === 'number' ? value : Number.NaN;
}

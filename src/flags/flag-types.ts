import type { FlagValue } from './evaluation.js';

/**
 * Which flags there are and what they give. Empty: any name is accepted. Declare yours, or let `fourlights flags types`
 * write them, and a name that is misspelt or asked for as the wrong kind does not compile:
 * `declare module 'fourlights' { interface FlagTypes { new_checkout: boolean; price_test: 'a' | 'b' } }`
 */
// biome-ignore lint/suspicious/noEmptyInterface: it is there to be added to
export interface FlagTypes {}

type Declared<V> = { [K in keyof FlagTypes]: FlagTypes[K] extends V ? K : never }[keyof FlagTypes];

/** The flags that can be asked for as `V`. */
export type FlagKey<V = FlagValue> = [keyof FlagTypes] extends [never] ? string : Declared<V> & string;

/** What the flag gives. */
export type ValueOf<K, V> = K extends keyof FlagTypes ? FlagTypes[K] & V : V;

/** A fallback says of which kind a flag is, not which value it has. */
export type Widened<T> = T extends boolean ? boolean : T extends string ? string : T extends number ? number : T;

/**
 * How a command ends. 1 and 2 are a command's own answer (findings, a verdict), which its help explains; a typing error is
 * never taken for one. The others are those of BSD's sysexits.
 */
export const exits = {
  ok: 0,
  findings: 1,
  usage: 64,
  input: 65,
  unavailable: 69,
  fault: 70,
  output: 74,
} as const;

export type Exit = keyof typeof exits;

/** What is the same for all commands. */
export const meanings: Readonly<Record<Exclude<Exit, 'findings'>, string>> = {
  ok: 'done',
  usage: 'the command line is wrong',
  input: 'a file cannot be read, or what it holds cannot be used',
  unavailable: 'a server does not answer',
  fault: 'a fault of fourlights itself',
  output: 'the output cannot be written',
};

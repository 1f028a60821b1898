/**
 * Colour for terminals alone: files, pipes and NO_COLOR get plain text. Every state is said in words or marks too.
 * @param {{ isTTY?: boolean }} stream
 * @param {Readonly<Record<string, string | undefined>>} env
 */
export function palette(stream, env) {
  const colours = stream.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb';
  const paint = (code) => (text) => (colours ? `\u001b[${code}m${text}\u001b[0m` : text);
  return { bold: paint(1), dim: paint(2), red: paint(31), yellow: paint(33) };
}

/** @typedef {ReturnType<typeof palette>} Palette */

/** At most `width` characters; what is cut off is shown to be cut off. */
export function shortened(text, width) {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}

/** Lines that are kept of one request, or of one trace of other services. */
export const MAX_LINES = 100;
const MAX_LINE_LENGTH = 8192;

/** A line, cut where it is too long: as a copy, as a part of a text keeps all of it. */
export function shortened(text: string): string {
  if (text.length <= MAX_LINE_LENGTH) return text;
  return `${Buffer.from(text.slice(0, MAX_LINE_LENGTH)).toString()}...`;
}

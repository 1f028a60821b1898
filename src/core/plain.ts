/** Text for a terminal: what it would obey, or would write backwards, is a `?`. Lines stay lines. */
export function plain(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, (character) => (character === '\n' ? character : '?'));
}

/** The same on one line, so that no text of somebody else's passes for a line of ours. */
export function plainLine(text: string): string {
  return plain(text).replaceAll('\n', '?');
}

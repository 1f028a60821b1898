/** Of a document, from wherever it comes. Far above any real one; reading a hostile one whole would be our memory's end. */
export const MAX_BODY_BYTES: number = 5 * 1024 * 1024;

export const TOO_LARGE = 'more than 5 MB, which is refused';

/** `undefined` for what is no UTF-8. A byte order mark, as some editors write it, is left out. */
export function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

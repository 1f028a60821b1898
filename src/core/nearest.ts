/** Edit distance (Levenshtein 1966) with two rows; names here are short. */
function distance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const substituted = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min((previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, substituted));
    }
    previous = row;
  }
  return previous[b.length] ?? 0;
}

/** The known name that someone who wrote `name` most likely meant; `undefined` when nothing is close. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const wanted = name.slice(0, 64).toLowerCase();
  let best: string | undefined;
  let least = Math.max(2, Math.floor(wanted.length / 2));
  for (const candidate of known) {
    const edits = distance(wanted, candidate.toLowerCase());
    if (edits <= least && (best === undefined || edits < least)) {
      best = candidate;
      least = edits;
    }
  }
  return best;
}

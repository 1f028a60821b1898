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

/** How many of the known names are looked at, and listed: both lists may come from a document of anybody's. */
const MOST_COMPARED = 1000;
const MOST_LISTED = 20;
const LONGEST_LISTED = 64;

/** The known names for people to read: the first of them, and how many more there are. */
export function listed(known: readonly string[]): string {
  const shown = known.slice(0, MOST_LISTED).map((name) => shortened(name, LONGEST_LISTED));
  const more = known.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
}

/** The beginning of a text that may be as long as somebody else likes. */
export function shortened(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most)}...` : text;
}

/** The known name that someone who wrote `name` most likely meant; `undefined` when nothing is close. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const wanted = name.slice(0, 64).toLowerCase();
  let best: string | undefined;
  let least = Math.max(2, Math.floor(wanted.length / 2));
  for (const candidate of known.length > MOST_COMPARED ? known.slice(0, MOST_COMPARED) : known) {
    if (Math.abs(candidate.length - wanted.length) > least) continue; // each letter too many is an edit
    const edits = distance(wanted, candidate.toLowerCase());
    if (edits <= least && (best === undefined || edits < least)) {
      best = candidate;
      least = edits;
    }
  }
  return best;
}

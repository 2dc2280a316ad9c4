/** Guesses which name was meant, as commander does for commands and options. */

/** Further away a name has nothing to do with what was typed. */
const distanceMax = 3;

/** ` (did you mean raft?)`, or nothing if no name is close. */
export function guessOf(typed: string, names: readonly string[]): string {
  const [first] = names
    .map((name) => ({ name, distance: distanceBetween(typed, name) }))
    .filter(({ distance, name }) => distance <= Math.min(distanceMax, name.length / 2))
    .sort((a, b) => a.distance - b.distance);
  return first === undefined ? "" : ` (did you mean ${first.name}?)`;
}

/** Letters to insert, delete or replace. @see Levenshtein, 1966 */
function distanceBetween(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries()) {
      const replaced = (row[j] as number) + (letter === other ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] as number) + 1, (next[j] as number) + 1));
    }
    row = next;
  }
  return row[b.length] as number;
}

/**
 * Runs each of the names once a round, in turns; each round starts one name later, so that none always runs in the wake of the
 * same neighbour. Who fails once has no figures: half a row would compare unlike rounds.
 * @template T
 * @param {string[]} names
 * @param {number} rounds
 * @param {(name: string, round: number) => Promise<T>} run
 * @returns {Promise<{ runs: Map<string, T[]>, failures: { name: string, message: string }[] }>} runs of one name, by round
 */
export async function inTurns(names, rounds, run) {
  const runs = new Map(names.map((name) => [name, []]));
  const failures = [];
  for (let round = 0; round < rounds; round++) {
    const standing = [...runs.keys()];
    const shift = round % standing.length;
    for (const name of [...standing.slice(shift), ...standing.slice(0, shift)]) {
      try {
        runs.get(name).push(await run(name, round));
      } catch ({ message }) {
        failures.push({ name, message });
        runs.delete(name);
      }
    }
  }
  return { runs, failures };
}

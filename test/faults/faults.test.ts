import { describe, test } from 'vitest';
import { groups } from './faults.js';
import { keep } from './figures.js';
import { long } from './form.js';
import { Scene } from './scene.js';

/** Figures of the long form are measured one after the other. */
const together = long ? describe : describe.concurrent;

for (const { name: group, faults } of groups) {
  together(group, () => {
    for (const fault of faults.filter((each) => long || each.long !== true)) {
      const { name, promise, goals } = fault;
      test(`${name}: ${promise} (${goals.map((goal) => `G${goal}`).join(' ')})`, async () => {
        const scene = new Scene(long);
        try {
          const figure = await fault.run(scene);
          await scene.survived();
          keep({ group, name, promise, goals, ...figure, measured: { exits: 0, ...figure.measured } });
        } catch (cause) {
          throw await scene.withLastWords(cause);
        } finally {
          await scene.close();
        }
      });
    }
  });
}

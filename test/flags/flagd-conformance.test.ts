import { describe, expect, test } from 'vitest';
import { SKIPPED, suite, World } from '../support/flagd-suite.js';
import { conformance } from '../traces/exporters/conformance.js';

describe.skipIf(conformance.absent)(`flagd's evaluator suite ${conformance.needs}`, () => {
  const read = (path: string): string => (conformance.absent ? '{}' : conformance.read(`flagd-evaluator/${path}`));
  const { document, rows, wanted } = suite(read);

  test('has 140 rows, of which 15 are of the first fractional, and those alone are left out', () => {
    console.info(`flagd's suite: ${wanted.length} of ${rows.length} rows; left out: those of ${SKIPPED}`);
    expect(rows).toHaveLength(140);
    expect(wanted).toHaveLength(125);
  });

  test.each(wanted.map((row) => [`${row.feature}: ${row.name}`, row] as const))('%s', (_name, { steps }) => {
    const world = new World(document);
    for (const step of steps) world.run(step);
    expect(steps.filter(({ text }) => /should|metadata is/.test(text)).length).toBeGreaterThan(0);
  });
});

import { OpenFeature } from '@openfeature/server-sdk';
import { afterAll, describe, expect, test } from 'vitest';
import { rowsOf } from '../support/gherkin.js';
import { conformance } from '../traces/exporters/conformance.js';
import { documentFrom } from './openfeature-flags.js';
import { OpenFeatureWorld } from './openfeature-world.js';

/** What a provider may do and ours does not: its answers are made anew each time, and no outage is for ever. */
const LEFT_OUT = (tags: ReadonlySet<string>, name: string): boolean =>
  tags.has('@reason-codes-cached') || tags.has('@provider-status-fatal') || name.includes('| fatal |');

describe.skipIf(conformance.absent)(
  `OpenFeature's scenarios, through its SDK and our provider ${conformance.needs}`,
  () => {
    const read = (path: string): string => (conformance.absent ? '' : conformance.read(`openfeature/${path}`));
    const document = conformance.absent ? {} : documentFrom(read('test-flags.json'));
    const rows = ['evaluation_v2', 'contextMerging', 'metadata'].flatMap((feature) =>
      rowsOf(read(`${feature}.feature`)).map((row) => ({ ...row, feature })),
    );
    const wanted = rows.filter(({ tags, name }) => !LEFT_OUT(tags, name));
    afterAll(() => OpenFeature.close());

    test('are all run but those of a fatal provider and of a cache', () => {
      console.info(`OpenFeature: ${wanted.length} of ${rows.length} rows; left out: cached reasons, fatal providers`);
      expect(rows.length - wanted.length).toBe(8);
      expect(wanted.length).toBeGreaterThan(90);
    });

    test.each(wanted.map((row) => [`${row.feature}: ${row.name}`, row] as const))('%s', async (_name, { steps }) => {
      const world = new OpenFeatureWorld(document);
      try {
        for (const step of steps) await world.run(step);
      } finally {
        await world.end();
      }
    });
  },
);

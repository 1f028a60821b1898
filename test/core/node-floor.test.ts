import { expect, test } from 'vitest';
import { nodeAdvice } from '../../src/core/node-floor.js';

test.each(['20.20.0', '20.21.1', '22.22.0', '24.13.0', '25.3.0', '26.0.0', '28.1.0'])(
  'Node %s needs no advice',
  (version) => {
    expect(nodeAdvice(version)).toBeUndefined();
  },
);

test.each([
  ['20.19.6', '20.20 or later'],
  ['22.21.1', '22.22 or later'],
  ['24.9.0', '24.13 or later'],
  ['25.2.9', '25.3 or later'],
  ['23.11.1', 'a line that has the fix, such as 24'],
  ['18.20.8', 'a line that has the fix, such as 24'],
])('Node %s is told to move to %s', (version, wanted) => {
  expect(nodeAdvice(version)).toBe(
    `on Node ${version} deeply nested input can end the process (CVE-2025-59466): use Node ${wanted}`,
  );
});

test('the Node that runs this needs none', () => expect(nodeAdvice(process.versions.node)).toBeUndefined());

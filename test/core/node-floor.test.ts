import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { FLOORS, isBelowFloor } from '../../src/core/node-floor.js';

test.each([
  ['v20.19.5', true],
  ['v20.20.0', false],
  ['v21.7.3', true],
  ['v22.21.1', true],
  ['v22.22.0', false],
  ['v23.11.0', true],
  ['v24.12.0', true],
  ['v24.13.1', false],
  ['v25.2.1', true],
  ['v25.3.0', false],
  ['v26.0.0', false],
  ['v18.20.8', true],
])('%s is below the floor of its line: %s', (version, isBelow) => expect(isBelowFloor(version)).toBe(isBelow));

test('package.json and SECURITY.md have the same floors', () => {
  const read = (file: string): string => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
  const floors = [...FLOORS].map(([major, [minor, patch]]) => `${major}.${minor}.${patch}`);
  const wanted = floors.map((floor, i) => (i === floors.length - 1 ? `>=${floor}` : `^${floor}`)).join(' || ');
  expect(JSON.parse(read('package.json')).engines.node).toBe(wanted);
  for (const floor of floors) expect(read('SECURITY.md')).toContain(`| ${floor} |`);
});

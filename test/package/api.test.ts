import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { apiReport } from '../api.mjs';
import { root } from './program.js';

test('the public types are those of api.md; after a change that is meant, run: npm run api', () => {
  expect(apiReport()).toBe(readFileSync(join(root, 'api.md'), 'utf8'));
});

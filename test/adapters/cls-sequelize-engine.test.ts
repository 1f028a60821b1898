import asyncHooks from 'node:async_hooks';
import { expect, test, vi } from 'vitest';

const createHook = vi.spyOn(asyncHooks, 'createHook');

process.env['CLS_MODE'] = 'engine';
await import('./cls-sequelize.test.js');

test('async_hooks is not turned on by Sequelize on the engine', () => {
  expect(createHook).not.toHaveBeenCalled();
});

import { expect, test, vi } from 'vitest';
import { engine } from '../../src/adapters/cls.js';

vi.mock('../../src/core/load.js', () => ({
  load: (name: string) => {
    throw Object.assign(new Error(`Cannot find module '${name}'`), { code: 'MODULE_NOT_FOUND' });
  },
}));

test('without cls-hooked the import succeeds and engine() names what to install', () => {
  expect(() => engine()).toThrow('npm install cls-hooked@4');
  expect(process).not.toHaveProperty('namespaces');
});

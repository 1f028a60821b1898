import { describe, expect, test } from 'vitest';
import { type AlertState, type Holds, type Sight, step } from '../../../src/alerts/engine/machine.js';

const holds: Holds = { forMs: 60_000, keepMs: 30_000, noData: 'keep' };

/** From a state that has held for 20 s, ten seconds later. `name heldMs`. */
function next(state: AlertState, sight: Sight, given: Partial<Holds> = {}, heldMs = 20_000): string {
  const to = step({ state, heldMs }, sight, 10_000, { ...holds, ...given });
  return `${to.state} ${to.heldMs / 1000}`;
}

describe('the table of states', () => {
  test.each<[AlertState, Record<Sight, string>]>([
    ['inactive', row('pending 0', 'inactive 20', 'inactive 20', 'inactive 20', 'inactive 20')],
    ['resolved', row('pending 0', 'resolved 20', 'resolved 20', 'resolved 20', 'resolved 20')],
    ['pending', row('pending 30', 'inactive 0', 'inactive 0', 'pending 20', 'inactive 0')],
    ['firing', row('firing 20', 'firing 20', 'recovering 0', 'firing 20', 'firing 20')],
    ['recovering', row('firing 0', 'firing 0', 'resolved 0', 'recovering 20', 'recovering 20')],
  ])('%s', (state, expected) => {
    for (const sight of Object.keys(expected) as Sight[])
      expect(`${sight}: ${next(state, sight)}`).toBe(`${sight}: ${expected[sight]}`);
  });

  test('pending fires once it has held for as long as it must', () => {
    expect(next('pending', 'beyond', {}, 49_999)).toBe('pending 59.999');
    expect(next('pending', 'beyond', {}, 50_000)).toBe('firing 0');
  });

  test('recovering resolves once it has held for as long as it must', () => {
    expect(next('recovering', 'clear', {}, 19_999)).toBe('recovering 29.999');
    expect(next('recovering', 'clear', {}, 20_000)).toBe('resolved 0');
  });

  test('without a time to hold, one sight is enough', () => {
    expect(next('inactive', 'beyond', { forMs: 0 })).toBe('firing 0');
    expect(next('firing', 'clear', { keepMs: 0 })).toBe('resolved 0');
  });

  test('no data resolves, or fires, where the rule says so', () => {
    expect(next('firing', 'nothing', { noData: 'resolve' })).toBe('recovering 0');
    expect(next('recovering', 'nothing', { noData: 'resolve' })).toBe('resolved 0');
    expect(next('inactive', 'nothing', { noData: 'fire' })).toBe('pending 0');
    expect(next('pending', 'nothing', { noData: 'fire' })).toBe('pending 30');
    expect(next('firing', 'nothing', { noData: 'fire' })).toBe('firing 20');
    expect(next('recovering', 'nothing', { noData: 'fire' })).toBe('firing 0');
  });
});

function row(beyond: string, band: string, clear: string, few: string, nothing: string): Record<Sight, string> {
  return { beyond, band, clear, few, nothing };
}

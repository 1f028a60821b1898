import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fourlights, inFolder } from './process.js';

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[];
  readonly fieldConfig?: {
    readonly defaults: { readonly thresholds?: { readonly steps: readonly { value: number | null }[] } };
  };
}

interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly panels: readonly Panel[];
}

const made = (args: readonly string[] = [], folder?: string): Dashboard =>
  JSON.parse(fourlights(['dashboard', ...args], folder).stdout);

test('it has the four signals, by route too, saturation, dependencies, flags and alerts', () => {
  const { panels } = made();
  const titles = panels.map(({ title }) => title);
  expect(titles).toEqual(
    expect.arrayContaining([
      ...['The four signals', 'Latency', 'Traffic', 'Errors', 'Saturation'],
      ...['Routes', 'p99 by route', 'Traffic by route', 'Errors by route'],
      ...['Dependencies', 'Flags', 'Alerts'],
    ]),
  );
  for (const panel of panels.filter(({ type }) => type !== 'row'))
    expect(panel.targets?.length, panel.title).toBeGreaterThan(0);
});

test('no two panels lie on each other or have one id', () => {
  const { panels } = made();
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  const taken = new Set<string>();
  for (const { gridPos, title } of panels) {
    expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
    for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
      for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
        expect(taken.has(`${x} ${y}`), title).toBe(false);
        taken.add(`${x} ${y}`);
      }
    }
  }
});

test('every expression is of the services and processes that are chosen', () => {
  for (const { targets = [] } of made(['--service-label', 'app']).panels)
    for (const { expr } of targets) expect(expr).toContain('app=~"$service"');
});

test('the thresholds of rules stand in the panel of their signal', () => {
  const text = `export default [{ name: 'Slow', severity: 'critical', signal: 'latency.p99', fireAbove: 0.321, action: 'roll it back' }];`;
  inFolder({ 'alerts.mjs': text }, (folder) => {
    const { panels } = made(['--from', 'alerts.mjs', '--no-defaults'], folder);
    const steps = panels.map(({ title, fieldConfig }) => [
      title,
      fieldConfig?.defaults.thresholds?.steps.at(-1)?.value,
    ]);
    expect(steps.filter(([, value]) => typeof value === 'number')).toEqual([['Latency', 0.321]]);
  });
});

test('title, UID and file are as they are asked for', () => {
  inFolder({}, (folder) => {
    const args = ['dashboard', '--title', 'Our "shop"', '--uid', 'shop', '--out', 'd.json'];
    expect(fourlights(args, folder)).toEqual({ code: 0, stdout: '', stderr: '' });
    const written: Dashboard = JSON.parse(readFileSync(join(folder, 'd.json'), 'utf8'));
    expect(written).toMatchObject({ title: 'Our "shop"', uid: 'shop' });
  });
});

test("the licence of the bundled builders is the package's own", () => {
  const root = new URL('../../', import.meta.url);
  const theirs = readFileSync(new URL('node_modules/@grafana/grafana-foundation-sdk/LICENSE', root), 'utf8');
  expect(readFileSync(new URL('licenses/grafana-foundation-sdk.txt', root), 'utf8')).toContain(theirs);
});

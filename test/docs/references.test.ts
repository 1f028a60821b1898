import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { resolve } from '../../src/config/config.js';
import { membersOf } from './docstrings.js';
import { families, metricsReference } from './metrics-reference.js';
import { clauses, optionsReference, parts } from './options-reference.js';
import { regenerated, table } from './tables.js';

const docs = join(import.meta.dirname, '../../docs');

/** Of an interface, what must be given first. */
const settings = (file: string, name: string) => (): string => {
  const members = [...membersOf(file, name)].sort((one, other) => Number(other.required) - Number(one.required));
  return table(
    ['setting', 'default', 'meaning'],
    members.map(({ name: setting, preset, required, meaning }) => [
      `\`${setting}\``,
      required ? 'required' : preset,
      meaning,
    ]),
  );
};

/** Regions of documents that are made of the code, by the name that stands in their mark. */
const makers = {
  options: optionsReference,
  metrics: metricsReference,
  'alert-rule': settings('alerts/rule.ts', 'AlertRule'),
  objective: settings('alerts/objective.ts', 'Objective'),
  'guard-plan': settings('rollouts/guard-plan.ts', 'GuardPlan'),
};

/** `npm run docs` writes them anew: it is this test, with leave to do so. */
test.each(['configuration.md', 'metrics.md', 'alerts.md', 'rollouts.md'])(
  '%s says what the code says',
  async (name) => {
    const path = join(docs, name);
    const text = readFileSync(path, 'utf8');
    expect(text).toContain('<!-- generated: ');
    await expect(regenerated(text, makers)).toMatchFileSnapshot(path);
  },
);

describe('what references are made of is whole', () => {
  const options = parts().flatMap((part) => part.options);

  test('every option says what it means and what stands in for it', () => {
    const silent = options.filter(({ member }) => member.meaning === '' || member.preset === '');
    expect(silent.map(({ path }) => path)).toEqual([]);
  });

  test('a default that is a plain value is the value in force', () => {
    const inForce: object = resolve({}, {});
    const plain = options.flatMap(({ path, member }) => {
      const literal = /^`?([a-z0-9]+)`?$/.exec(clauses(member.preset).rest)?.[1];
      const value = path
        .split('.')
        .reduce<unknown>((part, key) => (part as Record<string, unknown> | undefined)?.[key], inForce);
      return literal === undefined || ['string', 'number', 'boolean'].includes(typeof value) === false
        ? []
        : [[path, literal, String(value)]];
    });
    expect(plain.length).toBeGreaterThan(5);
    expect(plain.filter(([, said, is]) => said !== is)).toEqual([]);
  });

  test('every environment variable that the code knows is in the document', () => {
    const src = join(docs, '../src');
    const code = readdirSync(src, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => readFileSync(join(src, name), 'utf8'))
      .join('\n');
    const whole = code.match(/\b(?:OTEL|FOURLIGHTS|AWS|UV)_[A-Z_]*[A-Z]\b|\bLOG_LEVEL\b|\bNODE_ENV\b/g) ?? [];
    const composed = [...code.matchAll(/both\('([A-Z_]+)'/g)].map(([, name]) => `OTEL_EXPORTER_OTLP_${name}`);
    const names = new Set([...whole, ...composed]);
    names.delete('OTEL_LOGS_EXPORTER'); // kept from the SDK, and not read
    const text = readFileSync(join(docs, 'configuration.md'), 'utf8');
    expect(composed.length).toBeGreaterThan(5);
    expect([...names].filter((name) => !text.includes(name))).toEqual([]);
  });

  test('every metric has a series, so that its labels are known', () => {
    expect(families().filter(({ points }) => points.length === 0)).toEqual([]);
  });
});

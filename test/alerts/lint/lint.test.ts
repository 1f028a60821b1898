import { describe, expect, test } from 'vitest';
import { findingText, lint } from '../../../src/alerts/lint/lint.js';

const good = {
  name: 'HighErrorRatio',
  severity: 'critical',
  signal: 'errors.ratio',
  fireAbove: 0.05,
  resolveBelow: 0.04,
  window: '1m',
  for: '5m',
  keepFiringFor: '2m',
  minSamples: 100,
  noData: 'keep',
  action: 'roll back the last release',
  runbook: 'https://runbooks.example/errors',
  kind: 'symptom',
};

const said = (...rules: unknown[]): string[] => lint(rules).findings.map(findingText);

test('a good rule has no findings and keeps what it says', () => {
  const { rules, findings } = lint([good]);
  expect(findings).toEqual([]);
  expect(rules[0]).toMatchObject({
    ...{ name: 'HighErrorRatio', side: 'above', fireAt: 0.05, resolveAt: 0.04, windowSeconds: 60, forSeconds: 300 },
    ...{ keepFiringForSeconds: 120, minSamples: 100, noData: 'keep', kind: 'symptom', inhibitedBy: [] },
  });
});

test('what is left out is filled in: 90 % fires, 80 % resolves, five minutes, a hundred samples', () => {
  const action = 'add instances before requests wait';
  const { rules } = lint([
    { name: 'A', severity: 'warning', signal: 'saturation', fireAbove: 0.9, action },
    { name: 'B', severity: 'warning', signal: 'dependency.hitRatio', fireBelow: 0.8, action },
    { name: 'C', severity: 'info', signal: 'route.latency.p99', fireAbove: 1.8, action },
  ]);
  const shared = { windowSeconds: 60, forSeconds: 300, keepFiringForSeconds: 120, noData: 'keep' };
  expect(rules[0]).toMatchObject({ ...shared, resolveAt: 0.8, kind: 'cause', minSamples: 0 });
  expect(rules[1]).toMatchObject({ ...shared, resolveAt: 0.9, side: 'below' });
  expect(rules[2]).toMatchObject({ ...shared, resolveAt: 1.6, kind: 'symptom', minSamples: 100 });
});

describe('an error, and what to write instead', () => {
  test.each<[string, object, string]>([
    [
      'name',
      { name: 'High errors' },
      'name must be letters, digits and "_", a letter first, got "High errors": write name: \'HighErrorRatio\'',
    ],
    [
      'severity',
      { severity: 'page' },
      'severity must be one of critical, warning, info, got "page": critical only if someone must get up for it',
    ],
    ['signal', { signal: 'error.ratio' }, 'unknown signal "error.ratio" (did you mean "errors.ratio"?)'],
    ['signal', { signal: 'toString' }, 'unknown signal "toString"'],
    ['signal', { signal: 'business' }, 'signal "business" needs a metric: "business:orders.placed"'],
    ['signal', { signal: 'errors.ratio:GET /' }, 'signal "errors.ratio" is of the whole service: write "errors.ratio"'],
    ['signal', { signal: 'saturation:' }, 'signal "saturation:" names nothing after its colon'],
    [
      'action',
      { action: undefined },
      "an action is missing: write what to do when this fires, in 10 characters or more: action: 'roll back the last release'",
    ],
    ['action', { action: 'fix it' }, 'an action is missing'],
    [
      'threshold',
      { fireAbove: undefined, resolveBelow: undefined },
      'exactly one of fireAbove and fireBelow must be a number: write fireAbove: 0.05 for 5 %',
    ],
    ['threshold', { fireBelow: 3 }, 'exactly one of fireAbove and fireBelow'],
    ['threshold', { fireAbove: Number.NaN }, 'exactly one of fireAbove and fireBelow'],
    [
      'resolve-side',
      { resolveBelow: 0.06 },
      'it would resolve at 0.06 while it fires above 0.05: write resolveBelow: 0.045',
    ],
    [
      'resolve-side',
      { resolveBelow: undefined, resolveAbove: 0.06 },
      'what fires above resolves below: write resolveBelow: 0.045',
    ],
    [
      'resolve-side',
      { fireAbove: undefined, resolveBelow: undefined, fireBelow: 10, resolveAbove: 9 },
      'it would resolve at 9 while it fires below 10: write resolveAbove: 11',
    ],
    [
      'resolve-side',
      { fireAbove: undefined, fireBelow: 10 },
      'what fires below resolves above: write resolveAbove: 11',
    ],
    [
      'critical-cause',
      { signal: 'saturation' },
      "a cause wakes nobody up: write severity: 'warning', and a critical rule on what users feel: 'errors.ratio' or 'latency.p99'",
    ],
    ['critical-cause', { kind: 'cause' }, 'a cause wakes nobody up'],
    ['kind', { kind: 'reason' }, "kind must be 'symptom' or 'cause', got \"reason\""],
    [
      'durations',
      { for: '5 minutes' },
      'for must be seconds, or a time such as 90s, 5m, 1h30m, 30d, got "5 minutes": write for: \'5m\'',
    ],
    ['durations', { window: -1 }, 'window must be seconds'],
    ['min-samples', { minSamples: '100' }, 'minSamples must be a number from 0, got "100": write minSamples: 100'],
    ['no-data', { noData: 'ok' }, 'noData must be one of keep, resolve, fire, got "ok": write noData: \'keep\''],
    ['texts', { runbook: 7 }, 'runbook must be a text, got 7'],
    [
      'inhibited-by',
      { inhibitedBy: 'ServiceDown' },
      'inhibitedBy must be a list of names of rules, got "ServiceDown": write inhibitedBy: [\'ServiceDown\']',
    ],
    ['key', { minSample: 10 }, 'unknown key "minSample": write minSamples'],
  ])('%s %j', (code, change, message) => {
    const { rules, findings } = lint([{ ...good, ...change }]);
    expect(rules).toEqual([]);
    expect(findings[0]).toMatchObject({ code, level: 'error' });
    expect(findings[0]?.message).toContain(message);
  });

  test.each([[null], ['HighErrorRatio'], [[good]], [undefined]])('%j is no rule', (rule) => {
    expect(said(rule)[0]).toMatch(/^rule 1: error: a rule must be an object: write \{ name/);
  });
});

describe('a warning, and what to write instead', () => {
  test.each<[string, object, string]>([
    ['short-window', { window: '30s' }, "a window of 30s holds less than four scrapes: write window: '1m'"],
    [
      'long-window',
      { signal: 'latency.p99', window: '5m' },
      "the process itself keeps 1m of latency.p99: write window: '1m' and a longer for, or slo() for long windows",
    ],
    ['long-window', { window: '2h' }, 'the process itself keeps 1h of errors.ratio'],
    ['short-for', { for: '10s' }, "with for: '10s' a single evaluation fires it: write for: '5m'"],
    [
      'short-keep',
      { keepFiringFor: 0 },
      "a critical alert that resolves at the first good moment comes back at night: write keepFiringFor: '2m'",
    ],
    ['few-samples', { minSamples: 1 }, 'one failure among 1 is no trend: write minSamples: 100'],
    [
      'average',
      { signal: 'route.latency.mean:GET /a' },
      "an average hides the slow ones: write signal: 'route.latency.p99:GET /a'",
    ],
    ['no-band', { resolveBelow: 0.05 }, 'it fires and resolves at 0.05, so it flaps there: write resolveBelow: 0.0444'],
    ['no-runbook', { runbook: undefined }, "whoever is woken up needs a page to read: write runbook: 'https://...'"],
    ['inhibited-by-whom', { inhibitedBy: ['Nobody'] }, 'inhibitedBy names "Nobody", and no other rule has that name'],
    ['inhibited-by-whom', { inhibitedBy: ['HighErrorRatio'] }, 'no other rule has that name'],
  ])('%s %j', (code, change, message) => {
    const { rules, findings } = lint([{ ...good, ...change }]);
    expect(rules).toHaveLength(1);
    expect(findings.map((finding) => `${finding.level} ${finding.code}`)).toContain(`warning ${code}`);
    expect(findings.find((finding) => finding.code === code)?.message).toContain(message);
  });

  test('two rules that fire at the same', () => {
    expect(said(good, { ...good, name: 'Again', severity: 'warning' })).toEqual([
      'Again: warning: "HighErrorRatio" fires at the same: errors.ratio above 0.05. Write one rule, or let the graver one fire further out [same-threshold]',
    ]);
  });

  test('more critical rules than anybody takes seriously', () => {
    const many = Array.from({ length: 11 }, (_, i) => ({ ...good, name: `Rule${i}`, fireAbove: 0.05 + i / 100 }));
    expect(said(...many)).toEqual([
      expect.stringMatching(/^Rule10: warning: there are 11 critical rules.*write severity: 'warning'/),
    ]);
  });
});

test('one bad rule leaves the others, and all of its errors are told at once', () => {
  const { rules, findings } = lint([
    good,
    { ...good, name: 'Bad', action: '', severity: 'page' },
    { ...good, name: 'Other', fireAbove: 0.2 },
  ]);
  expect(rules.map(({ name }) => name)).toEqual(['HighErrorRatio', 'Other']);
  expect(findings.map(({ rule, code }) => `${rule} ${code}`)).toEqual(['Bad severity', 'Bad action']);
});

test('of two rules with one name the first is used', () => {
  const { rules, findings } = lint([good, { ...good, fireAbove: 0.5 }]);
  expect(rules.map(({ fireAt }) => fireAt)).toEqual([0.05]);
  expect(findings).toMatchObject([{ code: 'duplicate-name', level: 'error' }]);
});

test('a rule is compared with those that run, and takes the place of the one of its name', () => {
  const known = lint([good]).rules;
  expect(lint([good], known).findings).toEqual([]);
  expect(lint([{ ...good, name: 'New' }], known).findings).toMatchObject([{ rule: 'New', code: 'same-threshold' }]);
});

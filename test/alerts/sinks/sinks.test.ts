import { describe, expect, test } from 'vitest';
import { type SinkSource, sinkOf, sinks } from '../../../src/alerts/sinks/sinks.js';
import { manualClock } from '../../../src/testing/manual-clock.js';

const silent = { error: () => undefined, warn: () => undefined, info: () => undefined };
const context = { clock: manualClock(), log: silent };

describe.each(Object.keys(sinks))('sink %s', (name) => {
  test('has a name, a pace, and no secret in its name', () => {
    const url = 'https://user:secret@hooks.example/secret?key=secret';
    const sink = sinkOf((name === 'log' ? name : `${name}:${url}`) as SinkSource, context);
    expect(sink.name).toContain(name);
    expect(sink.name).not.toContain('secret');
    expect(['change', 'group', 'state']).toContain(sink.pace);
    sink.close?.();
  });
});

test("a function is called back, and a sink of one's own is taken as it is", () => {
  const own = { name: 'pager', pace: 'change', deliver: () => undefined } as const;
  expect(sinkOf(own, context)).toBe(own);
  expect(sinkOf(() => undefined, context)).toMatchObject({ name: 'callback', pace: 'change' });
});

test.each<[string, string]>([
  [
    'slak:https://hooks.example',
    'unknown alerts sink "slak" (did you mean "slack"?); known: log, webhook, slack, alertmanager',
  ],
  ['toString', 'unknown alerts sink "toString"'],
  ['webhook', 'the url of the alerts sink "webhook" must be an address that begins with http:// or https://, got ""'],
  ['webhook:hooks.example', 'must be an address'],
])('%s is refused when it is built', (source, message) => {
  expect(() => sinkOf(source as SinkSource, context)).toThrow(message);
});

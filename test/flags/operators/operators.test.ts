import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileRule } from '../../../src/flags/compile.js';
import { operatorOf, operators } from '../../../src/flags/operators/operators.js';
import type { Json } from '../../../src/flags/rule.js';
import { Scope } from '../../../src/flags/scope.js';

function result(rule: Json, context: Record<string, unknown> = {}): unknown {
  const scope = new Scope(() => 1_700_000_000);
  scope.call = context;
  return compileRule(rule, { flagKey: 'f' })(scope);
}

const context = {
  a: { 'b.c': 1, b: { c: 2 } },
  list: [3, 1, 2],
  users: [
    { name: 'x', age: 1 },
    { name: 'y', age: 2 },
  ],
  empty: '',
  nothing: null,
  zero: 0,
};

describe('what rules say', () => {
  test.each<[Json, unknown]>([
    [{ var: 'a.b.c' }, 2],
    [{ var: 'a.b\\.c' }, 1],
    [{ var: 'list.1' }, 1],
    [{ var: 'list.9' }, null],
    [{ var: 'list.length' }, 3],
    [{ var: ['nope', 'else'] }, 'else'],
    [{ var: ['nothing', 'else'] }, 'else'],
    [{ var: ['empty', 'else'] }, ''],
    [{ var: ['nope', { var: 'zero' }] }, 0],
    [{ var: { cat: ['ze', 'ro'] } }, 0],
    [{ var: 'toString' }, null],
    [{ var: 'a.constructor' }, null],
    [{ var: '$flagd.nope' }, null],
    [{ missing: ['zero', 'nothing', 'nope', 'a.b.x'] }, ['nope', 'a.b.x']],
    [{ missing: [['nope']] }, ['nope']],
    [{ missing_some: [2, ['zero', 'nope', 'never']] }, ['nope', 'never']],
    [{ missing_some: [1, ['zero', 'nope']] }, []],
    [{ '==': ['1', 1] }, true],
    [{ '==': [{ var: 'nope' }, 0] }, false],
    [{ '==': [{ var: 'nope' }, null] }, true],
    [{ '==': ['', 0] }, true],
    [{ '==': [true, 1] }, true],
    [{ '==': [1, 1, 1] }, true],
    [{ '!=': [{ var: 'nope' }, false] }, true],
    [{ '===': ['1', 1] }, false],
    [{ '===': [{ var: 'nope' }, null] }, true],
    [{ '<': [1, 2, 3] }, true],
    [{ '<': [1, 3, 2] }, false],
    [{ '<': ['10', '9'] }, true],
    [{ '<': ['10', 9] }, false],
    [{ '<=': [{ var: 'nope' }, 0] }, true],
    [{ '>': ['a', { var: 'nope' }] }, false],
    [{ and: [1, '', 2] }, ''],
    [{ and: [] }, null],
    [{ or: [0, '', 'x', 'y'] }, 'x'],
    [{ or: [] }, null],
    [{ '!!': ['0'] }, true],
    [{ '!!': [[]] }, false],
    [{ '!!': [{}] }, false],
    [{ '!': { var: 'list' } }, false],
    [{ if: [] }, null],
    [{ if: ['x'] }, 'x'],
    [{ if: [false, 'x'] }, null],
    [{ if: [false, 1, 0, 2, 'else'] }, 'else'],
    [{ '?:': [true, 1, 2] }, 1],
    [{ in: ['b', 'abc'] }, true],
    [{ in: [{ var: 'nope' }, 'a null'] }, false],
    [{ in: ['x', { var: 'nope' }] }, false],
    [{ in: [2, { var: 'list' }] }, true],
    [{ in: ['2', { var: 'list' }] }, false],
    [{ in: [9, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]] }, true],
    [{ in: ['9', [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]] }, false],
    [{ cat: ['a', 1, true, { var: 'nope' }, [1, 2]] }, 'a1true1,2'],
    [{ cat: 'alone' }, 'alone'],
    [{ substr: ['jsonlogic', 4] }, 'logic'],
    [{ substr: ['jsonlogic', -5] }, 'logic'],
    [{ substr: ['jsonlogic', 1, 3] }, 'son'],
    [{ substr: ['jsonlogic', 4, -2] }, 'log'],
    [{ substr: ['abc', -9, 1] }, 'a'],
    [{ starts_with: ['abc', 'ab'] }, true],
    [{ starts_with: [1, 'ab'] }, null],
    [{ ends_with: ['abc', 'bc', 'c'] }, null],
    [{ '+': ['1', true, null] }, 2],
    [{ '+': [] }, 0],
    [{ '-': ['5'] }, -5],
    [{ '-': [5, 2, 1] }, 2],
    [{ '*': [2, '3'] }, 6],
    [{ '/': [4] }, 0.25],
    [{ '/': [8, 2, 2] }, 2],
    [{ '%': [-5, 3] }, -2],
    [{ min: [3, 1, 2] }, 1],
    [{ max: [{ var: 'zero' }, -1] }, 0],
    [{ merge: [[1], 2, [[3]]] }, [1, 2, [3]]],
    [{ map: [{ var: 'users' }, { var: 'name' }] }, ['x', 'y']],
    [{ filter: [{ var: 'list' }, { '>': [{ var: '' }, 1] }] }, [3, 2]],
    [{ reduce: [{ var: 'list' }, { '+': [{ var: 'accumulator' }, { var: 'current' }] }, 10] }, 16],
    [{ reduce: [{ var: 'list' }, { max: [{ var: 'accumulator' }, { var: 'current' }] }] }, 3],
    [{ all: [{ var: 'users' }, { '>': [{ var: 'age' }, 0] }] }, true],
    [{ all: [[], true] }, false],
    [{ some: [{ var: 'users' }, { '==': [{ var: 'age' }, 2] }] }, true],
    [{ none: [{ var: 'nope' }, true] }, true],
    [{ map: [{ var: 'users' }, { some: [[1], { '==': [{ var: '' }, 1] }] }] }, [true, true]],
    [
      { map: [[[1, 2], [3]], { reduce: [{ var: '' }, { '+': [{ var: 'accumulator' }, { var: 'current' }] }, 0] }] },
      [3, 3],
    ],
    [{ sem_ver: ['1.2.3', '>=', '1.2'] }, true],
    [{ sem_ver: ['x', '>=', '1.2'] }, null],
    [{ sem_ver: ['1.2.3', '>=', { var: 'nope' }] }, null],
    [{ sem_ver: ['1.2.3', '=>', '1.2'] }, null],
  ])('%j is %j', (rule, wanted) => {
    expect(result(rule, context)).toEqual(wanted);
  });

  test('the whole context is there for who asks, with what flagd adds and nothing forged', () => {
    const whole = result({ var: '' }, { a: 1, $flagd: 'forged' });
    expect(whole).toEqual({ a: 1, $flagd: { flagKey: 'f', timestamp: 1_700_000_000 } });
  });

  test.each<Json>([
    { '<': ['x', 1] },
    { '==': [{ var: 'list' }, 1] },
    { '==': ['x', 1] },
    { '<': [1] },
    { '+': ['x'] },
    { '/': [1, 0] },
    { '%': [1, 0] },
    { '%': [1] },
    { min: [] },
    { max: ['1'] },
    { in: [1, 5] },
    { in: [1, { var: 'a' }] },
    { substr: [5, 1] },
    { map: ['text', 1] },
    { reduce: [[], 1] },
    { missing_some: [1, 'x'] },
  ])('%j has no answer and throws', (rule) => {
    expect(() => result(rule, context)).toThrow();
  });
});

test('an element that throws leaves nothing behind for the next check', () => {
  const scope = new Scope(() => 0);
  scope.call = { list: ['x'] };
  const throwing = compileRule({ map: [{ var: 'list' }, { '+': [{ var: '' }] }] }, { flagKey: 'f' });
  expect(() => throwing(scope)).toThrow();
  scope.clear();
  expect(scope.item).toBeUndefined();
});

test('whatever the rule and the context, evaluating gives a value or throws an Error, and compiling too', () => {
  const leaf = fc.oneof(fc.constantFrom<Json>(null, true, 0, -1, 2.5, '', 'a', '1', 'list', 'user.name'), fc.string());
  const { rule } = fc.letrec<{ rule: Json }>((tie) => ({
    rule: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      leaf,
      fc.array(tie('rule'), { maxLength: 3 }),
      fc
        .tuple(
          fc.constantFrom(...Object.keys(operators)),
          fc.oneof(fc.array(tie('rule'), { maxLength: 4 }), tie('rule')),
        )
        .map(([name, args]): Json => ({ [name]: args })),
    ),
  }));
  fc.assert(
    fc.property(
      rule,
      fc.dictionary(fc.constantFrom('list', 'user', 'a', 'targetingKey'), fc.anything()),
      (source, values) => {
        try {
          result(source, values);
        } catch (cause) {
          expect(cause).toBeInstanceOf(Error);
        }
      },
    ),
    { numRuns: 5000 },
  );
});

test.each(['toString', '__proto__', 'constructor', 'log', 'val', 'preserve', ''])('%j is no operator', (name) => {
  expect(operatorOf(name)).toBeUndefined();
});

import { describe, expect, test } from 'vitest';
import { xray } from '../../../src/traces/propagators/xray.js';
import { injected, SPAN } from './injected.js';

const TRACE = '5759e988bd862e3fe1be46a994272793';
const ROOT = 'Root=1-5759e988-bd862e3fe1be46a994272793';
const PARENT = `Parent=${SPAN}`;
const read = (header: string | string[]) => xray.extract({ 'x-amzn-trace-id': header });

const span = { traceId: TRACE, spanId: SPAN };

describe('X-Ray headers that are read', () => {
  test.each([
    ['sampled', `${ROOT};${PARENT};Sampled=1`, { ...span, flags: 1, undecided: false }],
    ['not sampled', `${ROOT};${PARENT};Sampled=0`, { ...span, flags: 0, undecided: false }],
    ['a question mark: the decision is ours', `${ROOT};${PARENT};Sampled=?`, { ...span, flags: 0, undecided: true }],
    ['no decision', `${ROOT};${PARENT}`, { ...span, flags: 0, undecided: true }],
    ['any order', `Sampled=1;${PARENT};${ROOT}`, { ...span, flags: 1 }],
    ['blanks around fields', ` ${ROOT} ; ${PARENT};\tSampled=1 `, { ...span, flags: 1 }],
    ['empty fields', `;${ROOT};;${PARENT};`, span],
    ['Self, Lineage and others', `Self=1-2-3;${ROOT};Lineage=a87bd80c:0|68fd508a:5;${PARENT};x;=;__proto__=1`, span],
    ['upper-case hex', `${ROOT.toUpperCase()};${PARENT.toUpperCase()};SAMPLED=1`, { ...span, flags: 1 }],
    ['Root alone, of a load balancer', ROOT, { traceId: TRACE, spanId: undefined, flags: 0, undecided: true }],
    ['Root and a decision', `${ROOT};Sampled=1`, { traceId: TRACE, spanId: undefined, flags: 1, undecided: false }],
    ['1024 characters', `${ROOT};${PARENT};a=`.padEnd(1024, 'x'), span],
  ])('%s', (_name, header, expected) => {
    expect(read(header)).toMatchObject(expected);
  });
});

describe('X-Ray headers that are not read', () => {
  test.each([
    ['an empty one', ''],
    ['no Root', `${PARENT};Sampled=1`],
    ['another version', `${ROOT.replace('=1-', '=2-')};${PARENT}`],
    ['a Root without dashes', `Root=1-${TRACE}`],
    ['a short epoch', `Root=1-5759e98-bd862e3fe1be46a994272793`],
    ['a long ID', `${ROOT}0;${PARENT}`],
    ['what is no hex', `${ROOT.replace('bd', 'xy')};${PARENT}`],
    ['a zero trace ID', `Root=1-${'0'.repeat(8)}-${'0'.repeat(24)}`],
    ['a zero trace ID with a parent', `Root=1-${'0'.repeat(8)}-${'0'.repeat(24)};${PARENT}`],
    ['a zero parent', `${ROOT};Parent=${'0'.repeat(16)}`],
    ['a short parent', `${ROOT};Parent=123`],
    ['an empty parent', `${ROOT};Parent=`],
    ['an unknown decision', `${ROOT};${PARENT};Sampled=2`],
    ['a Root twice', `${ROOT};${ROOT}`],
    ['a decision twice', `${ROOT};Sampled=1;Sampled=0`],
    ['a header that was sent twice', [`${ROOT};${PARENT};Sampled=1`, `${ROOT};${PARENT};Sampled=1`]],
    ['1025 characters', `${ROOT};${PARENT};a=`.padEnd(1025, 'x')],
  ])('%s', (_name, header) => {
    expect(read(header)).toBeUndefined();
  });
});

describe('X-Ray headers that are written', () => {
  test.each([
    [{ flags: 3 }, '1'],
    [{ flags: 2 }, '0'],
    [{ flags: 0, undecided: true }, '?'],
  ])('%j as Sampled=%s', (decision, sampled) => {
    const sent = injected(xray, { ...span, ...decision });
    expect(sent).toEqual({ 'x-amzn-trace-id': `${ROOT};${PARENT};Sampled=${sampled}` });
  });
});

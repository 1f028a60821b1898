import { describe, expect, test } from 'vitest';
import { inRequest } from '../support/contexts.js';
import { memoryLog } from '../support/memory-log.js';

/** Shows itself in a way of its own, and holds what must not be shown. */
class User {
  readonly password = 'S3CR3T';
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
  short(): string {
    return `user ${this.name}`;
  }
}

const serializers = { user: (user: User) => user.short() };

test('a symbol that is logged is text, and the line stays JSON', () => {
  const { log, lines } = memoryLog();
  log.info(Symbol('one') as unknown as string);
  log.info({}, Symbol('two') as unknown as string);
  expect(lines().map(({ event }) => event)).toEqual(['Symbol(one)', 'Symbol(two)']);
});

describe('serializers given to a child', () => {
  test('make of a field what is written, and get the very object that was logged', () => {
    const { log, raw, line } = memoryLog();
    log.child({}, { serializers }).info({ user: new User('ann') }, 'x');
    expect(line()['user']).toBe('user ann');
    expect(raw.join()).not.toContain('S3CR3T');
  });

  test('make of a binding what is written', () => {
    const { log, line } = memoryLog();
    log.child({ user: new User('ann') }, { serializers }).info('x');
    expect(line()['user']).toBe('user ann');
  });

  test('hold for its children and in requests, and children may add to them', () => {
    const { log, lines } = memoryLog();
    const child = log.child({}, { serializers }).child({}, { serializers: { size: (bytes: number) => `${bytes} B` } });
    child.info({ user: new User('ann'), size: 4 });
    inRequest('r-1', () => child.info({ user: new User('ann'), size: 4 }));
    expect(lines()).toMatchObject([
      { user: 'user ann', size: '4 B' },
      { user: 'user ann', size: '4 B' },
    ]);
  });

  test('hold for no other logger', () => {
    const { log, line } = memoryLog();
    log.child({}, { serializers });
    log.info({ user: 'ann' });
    expect(line()['user']).toBe('ann');
  });

  test('cannot let a secret out', () => {
    const { log, raw, line } = memoryLog();
    const open = { user: (user: User) => ({ ...user, deep: [{ authorization: 'S3CR3T' }] }) };
    log.child({}, { serializers: open }).info({ user: new User('ann') });
    expect(raw.join()).not.toContain('S3CR3T');
    expect(line()['user']).toMatchObject({ name: 'ann', password: '[redacted]' });
  });

  test('may replace that for errors', () => {
    const { log, line } = memoryLog();
    log.child({}, { serializers: { err: (error: Error) => error.message } }).error(new Error('short'));
    expect(line()['err']).toBe('short');
  });

  test('and formatters together cannot let a secret or a reserved name out', () => {
    const { log, raw, line } = memoryLog();
    log.child({}, { formatters: { log: (fields) => fields } }).info({ password: 'S3CR3T', service: 'spoof' });
    expect(raw.join()).not.toContain('S3CR3T');
    expect(line()['service']).toBe('shop');
  });
});

describe("Node's own messages", () => {
  const request = {
    id: 1,
    method: 'GET',
    url: '/a',
    headers: { authorization: 'S3CR3T', host: 'h' },
    socket: { remoteAddress: '::1' },
  };

  test.each([
    ['as a field', { req: request }],
    ['as the first argument', request],
  ])('a request %s is written short and without its secrets', (_name, fields) => {
    const { log, raw, line } = memoryLog();
    log.info(fields);
    expect(raw.join()).not.toContain('S3CR3T');
    expect(line()['req']).toMatchObject({
      method: 'GET',
      url: '/a',
      headers: { authorization: '[redacted]', host: 'h' },
    });
  });

  test('a response is written without its cookies', () => {
    const { log, raw, line } = memoryLog();
    log.info({
      res: { statusCode: 200, headersSent: true, getHeaders: () => ({ 'set-cookie': ['S3CR3T'], etag: 'e' }) },
    });
    expect(raw.join()).not.toContain('S3CR3T');
    expect(line()['res']).toEqual({ statusCode: 200, headers: { 'set-cookie': '[redacted]', etag: 'e' } });
  });
});

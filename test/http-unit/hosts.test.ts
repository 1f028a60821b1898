import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AllowedHosts, isPrivateHost, type PropagateTo } from '../../src/http/hosts.js';
import { dropsIn, hearing } from '../support/ledger.js';

const notices = hearing();
const allows = (origin: string, propagateTo?: PropagateTo) => new AllowedHosts(propagateTo).allows(origin);

describe('by default our headers go to', () => {
  test.each([
    'localhost',
    'payments',
    'payments.internal',
    'db.local',
    'api.localhost',
    'nas.home.arpa',
    'box.lan',
    'carts.shop.svc.cluster.local',
    'carts.shop.svc',
    '127.0.0.1',
    '127.8.9.10',
    '10.0.0.1',
    '10.255.255.255',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.0.1',
    '169.254.0.1',
    '::1',
    'fc00::1',
    'fdab:1::2',
    'fe80::1',
    'fe80::1%eth0',
    'febf::1',
    '::ffff:10.0.0.1',
    '::ffff:a00:1',
    '::ffff:7f00:1',
  ])('%s', (host) => expect(isPrivateHost(host)).toBe(true));
});

describe('by default our headers do not go to', () => {
  test.each([
    'example.com',
    'api.example.com',
    'internal.example.com',
    'localhost.example.com',
    'notlocal.com',
    '8.8.8.8',
    '11.0.0.1',
    '126.255.255.255',
    '128.0.0.1',
    '172.15.255.255',
    '172.32.0.1',
    '192.167.0.1',
    '192.169.0.1',
    '1.10.0.1',
    '2001:db8::1',
    'fbff::1',
    'fe00::1',
    'fec0::1',
    '::ffff:8.8.8.8',
    '::ffff:808:808',
    '::ffff:ac0f:1',
    '::ffff:a00:1:2',
    '::2',
  ])('%s', (host) => expect(isPrivateHost(host)).toBe(false));
});

test('an IPv4 address is private or not, in whichever form IPv6 writes it', () => {
  fc.assert(
    fc.property(fc.ipV4(), (address) => {
      const mapped = new URL(`http://[::ffff:${address}]/`).hostname.slice(1, -1);
      expect(isPrivateHost(`::ffff:${address}`)).toBe(isPrivateHost(address));
      expect(isPrivateHost(mapped)).toBe(isPrivateHost(address));
    }),
    {
      numRuns: 500,
      examples: [['10.0.0.1'], ['127.0.0.1'], ['192.168.1.1'], ['172.16.0.9'], ['8.8.8.8'], ['0.0.0.0']],
    },
  );
});

describe('of an origin the host alone decides', () => {
  test.each([
    'db',
    'db:5432',
    'http://db',
    'https://db:443',
    'HTTP://DB:80',
    '[::1]',
    '[::1]:3000',
    'http://[::1]:3000',
    '::1',
  ])('%s may have them', (origin) => expect(allows(origin)).toBe(true));

  test.each([
    'example.com:80',
    'https://example.com',
    '[2001:db8::1]:80',
    'http://[::ffff:808:808]:80',
    'localhost.example.com:80',
  ])('%s may not', (origin) => expect(allows(origin)).toBe(false));
});

describe('a list', () => {
  test('names hosts exactly, in any case', () => {
    expect(allows('https://API.example.com:8443', ['api.EXAMPLE.com'])).toBe(true);
    expect(allows('https://xapi.example.com', ['api.example.com'])).toBe(false);
    expect(allows('https://api.example.com.evil.net', ['api.example.com'])).toBe(false);
  });

  test('replaces the default: what it does not name gets nothing', () => {
    expect(allows('localhost', ['api.example.com'])).toBe(false);
    expect(allows('localhost', [])).toBe(false);
  });

  test('may hold patterns, and a pattern with state answers the same each time', () => {
    const hosts = (pattern: RegExp) =>
      [1, 2, 3].map((i) => new AllowedHosts([pattern]).allows(`https://n${i}.example.com`));
    const sticky = /example\.com$/g;
    expect(hosts(sticky)).toEqual([true, true, true]);
    expect(hosts(/^n[12]\./)).toEqual([true, true, false]);
  });
});

describe('a function', () => {
  test('is asked with the host name, once for each origin', () => {
    const asked: string[] = [];
    const allowed = new AllowedHosts((host) => asked.push(host) > 0);
    for (let i = 0; i < 3; i++) expect(allowed.allows('https://Api.Example.com:8443')).toBe(true);
    expect(asked).toEqual(['api.example.com']);
  });

  test('must say true: what only looks like it is no', () => {
    expect(allows('db', (() => 'yes') as unknown as () => boolean)).toBe(false);
  });

  test('that throws says no, and is reported', () => {
    const threw = dropsIn('http.propagateTo', 'threw', () => {
      const allowed = new AllowedHosts(() => {
        throw new Error('no idea');
      });
      expect(allowed.allows('db')).toBe(false);
      expect(allowed.allows('db')).toBe(false);
    });
    expect(threw).toBe(1);
    expect(notices).toHaveLength(1);
  });
});

test('ten thousand hosts are decided rightly, remembered or not', () => {
  const allowed = new AllowedHosts((host) => host.endsWith('7'));
  for (let i = 0; i < 10_000; i++) {
    if (allowed.allows(`h${i}:80`) !== (i % 10 === 7)) expect.fail(`h${i}`);
  }
  expect(allowed.allows('h7')).toBe(true);
});

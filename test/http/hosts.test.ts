import { describe, expect, test } from 'vitest';
import { diagnostics } from '../../src/core/diagnostics.js';
import { AllowedHosts } from '../../src/http/hosts.js';
import { pause } from './harness.js';

describe('by default', () => {
  const hosts = new AllowedHosts(undefined);

  test.each([
    'localhost',
    'LOCALHOST:8080',
    'http://localhost:8080',
    'orders',
    'orders:80',
    'orders.default.svc',
    'orders.default.svc.cluster.local',
    'api.internal',
    'printer.home.arpa',
    '127.0.0.1',
    '127.9.9.9:1',
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.169.254',
    '::1',
    '[::1]:80',
    'http://[::1]:80',
    'fd12:3456::1',
    'fe80::1',
    '::ffff:127.0.0.1',
    '[::ffff:7f00:1]:80',
    '::ffff:a01:203',
  ])('%s gets our headers', (origin) => {
    expect(hosts.allows(origin)).toBe(true);
  });

  test.each([
    'example.com',
    'https://example.com:443',
    'localhost.example.com',
    'orders.svc.com',
    'api.svc.io',
    'internal.example',
    'testlocal.com',
    '8.8.8.8',
    '11.0.0.1',
    '172.15.0.1',
    '172.32.0.1',
    '192.169.0.1',
    '134744072',
    '0x8080808',
    '2001:db8::1',
    '[2606:4700::1111]:443',
    '::ffff:8.8.8.8',
    '[::ffff:808:808]:443',
    '127.0.0.1.example.com',
    '10.example.com',
  ])('%s gets nothing', (origin) => {
    expect(hosts.allows(origin)).toBe(false);
  });
});

test('a list names whole hosts, whatever the port and the letter case', () => {
  const hosts = new AllowedHosts(['api.example.COM']);

  expect(
    ['api.example.com', 'API.example.com:81', 'https://api.example.com'].map((each) => hosts.allows(each)),
  ).toEqual([true, true, true]);
  expect(['example.com', 'x.api.example.com', 'api.example.com.evil.org'].map((each) => hosts.allows(each))).toEqual([
    false,
    false,
    false,
  ]);
});

test('a pattern that remembers where it was decides alike each time', () => {
  const hosts = new AllowedHosts([/example/gy]);

  expect(['example.com', 'example.org', 'example.net'].map((host) => hosts.allows(host))).toEqual([true, true, true]);
});

test('a function is asked once per host', () => {
  const asked: string[] = [];
  const hosts = new AllowedHosts((host) => asked.push(host) > 0);

  for (const host of ['a.com', 'b.com', 'a.com', 'b.com']) hosts.allows(host);

  expect(asked).toEqual(['a.com', 'b.com']);
});

test('a function that rejects allows nothing, is counted, and leaves no rejection behind', async () => {
  const reject = (): Promise<boolean> => Promise.reject(new Error('later'));
  const hosts = new AllowedHosts(reject as unknown as () => boolean);
  const before = diagnostics.drops()['http.propagateTo']?.['threw'] ?? 0;

  expect(hosts.allows('localhost')).toBe(false);
  await pause(0);

  expect(diagnostics.drops()['http.propagateTo']?.['threw']).toBe(before + 1);
});

test('the oldest of very many hosts is forgotten, and asked about again', () => {
  const asked: string[] = [];
  const hosts = new AllowedHosts((host) => asked.push(host) > 0);

  for (let i = 0; i < 2000; i++) hosts.allows(`host-${i}`);
  hosts.allows('host-0');

  expect(asked).toHaveLength(2001);
});

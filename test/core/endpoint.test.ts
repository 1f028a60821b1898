import { expect, test } from 'vitest';
import { endpoint } from '../../src/core/endpoint.js';

test.each([
  ['ftp://ada:s3cret@host/x', 'ftp://***@host/x'],
  ['//ada:s3cret@host', '//***@host'],
  ['ada:s3cret@host:4318', '***@host:4318'],
  ['ada:s3@cret@host', '***@host'],
  ['ada:s3?cret@host', '***@'],
  ['host?token=s3@cret', '***@'],
  ['host:4318/v1?token=s3@cret', 'host:4318/v1?***'],
  ['host:4318', 'host:4318'],
])('what is no address is told without its secrets: %s', (text, told) => {
  expect(() => endpoint(text, 'traces.endpoint')).toThrow(
    new Error(`traces.endpoint must be an address that begins with http:// or https://, got ${JSON.stringify(told)}`),
  );
});

test('an address is shown without user, password and query', () => {
  expect(endpoint('https://ada:s3cret@host/v1?token=s3cret', 'x').shown).toBe('https://host/v1');
});

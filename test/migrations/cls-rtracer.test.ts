import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { STAGES, start } from './app.js';

describe('from cls-rtracer', () => {
  const heard: (string | undefined)[] = [];
  const stock = createServer((request, response) => {
    heard.push(request.headers['x-request-id'] as string | undefined);
    response.end();
  });
  beforeAll(() => new Promise<void>((resolve) => void stock.listen(0, '127.0.0.1', resolve)));
  afterAll(() => void stock.close());

  test.each(STAGES)(
    '%s, one ID is in the handler, the answer, the call that it makes, and a job of its own',
    async (stage) => {
      const { port } = stock.address() as AddressInfo;
      const app = await start(`cls-rtracer/${stage}.mjs`, {
        STOCK_URL: `http://127.0.0.1:${port}/`,
        LOG_LEVEL: 'silent',
      });
      heard.length = 0;
      const given = await app.get('/carts', { headers: { 'x-request-id': 'order-7' } });
      expect(await given.json()).toEqual({ id: 'order-7' });
      expect(given.headers.get('x-request-id')).toBe('order-7');

      const made = await app.get('/carts');
      const { id } = (await made.json()) as { id: string };
      expect(id).toMatch(/^[\da-f-]{32,36}$/);
      expect(made.headers.get('x-request-id')).toBe(id);
      expect(heard).toEqual(['order-7', id]);
      expect(app.said.trim()).toBe('job-1');
    },
  );
});

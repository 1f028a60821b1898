import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { flagSources } from '../../src/flags/sources/sources.js';
import { flags, signals } from '../../src/instance.js';
import { memoryExporter } from '../../src/testing/memory-exporter.js';
import { listen, observing, pause, request, stopAll } from './harness.js';

afterEach(stopAll);

const flag = (more: object = {}) => ({
  state: 'ENABLED',
  variants: { on: true, off: false },
  defaultVariant: 'off',
  ...more,
});
const userOf = ({ url }: { readonly url?: string | undefined }): string | undefined => url?.split('/')[2];

describe('a flag in a request', () => {
  test('is for whom http.targetingKey names, and its variants are measured apart', async () => {
    const source = flagSources.memory({ flags: { checkout: flag({ rollout: 50 }) } });
    const { recorded } = observing({ flags: { source }, http: { targetingKey: userOf } });
    const port = await listen(
      http.createServer((_request, response) => {
        const on = flags.boolean('checkout', false);
        response.writeHead(on ? 500 : 200).end(String(on));
      }),
    );
    for (let user = 0; user < 60; user++) await request(port, `/users/u-${user}`);
    await recorded(60);
    const { on, off } = signals.snapshot().variants['checkout'] ?? {};
    expect((on?.exposures ?? 0) + (off?.exposures ?? 0)).toBe(60);
    expect(on?.errors.ratio).toBe(1);
    expect(off?.errors.ratio).toBe(0);
    expect(await request(port, '/users/u-1')).toMatchObject({ body: (await request(port, '/users/u-1')).body });
  });

  test('does not flip while the request lasts, and a kill passes at once', async () => {
    const source = flagSources.memory({
      flags: { a: flag({ defaultVariant: 'on' }), b: flag({ defaultVariant: 'on' }) },
    });
    observing({ flags: { source } });
    const port = await listen(
      http.createServer(async (_request, response) => {
        const seen = [flags.boolean('a', false), flags.boolean('b', false)];
        source.set({ flags: { a: flag(), b: flag() } });
        flags.kill('b', 'it hurts');
        await pause(5);
        seen.push(flags.boolean('a', false), flags.boolean('b', false));
        response.end(JSON.stringify(seen));
      }),
    );
    expect((await request(port)).body).toBe('[true,true,true,false]');
    expect((await request(port)).body).toBe('[false,false,false,false]');
    flags.lift('kill', 'b');
  });

  test('is noted once on the span of the request', async () => {
    const exporter = memoryExporter();
    const source = flagSources.memory({ flags: { a: flag({ defaultVariant: 'on' }) } });
    const { recorded } = observing({ flags: { source }, traces: { exporter } });
    const port = await listen(
      http.createServer((_request, response) => {
        for (let i = 0; i < 3; i++) flags.boolean('a', false);
        response.end();
      }),
    );
    await request(port);
    await recorded(1);
    const events = exporter.spans.flatMap((span) => span.events);
    expect(events).toMatchObject([
      {
        name: 'feature_flag.evaluation',
        attributes: {
          'feature_flag.key': 'a',
          'feature_flag.result.variant': 'on',
          'feature_flag.result.reason': 'static',
        },
      },
    ]);
  });

  test('whose targetingKey function throws is answered all the same', async () => {
    const source = flagSources.memory({ flags: { a: flag({ rollout: 50 }) } });
    observing({
      flags: { source },
      http: {
        targetingKey: () => {
          throw new Error('no');
        },
      },
    });
    const port = await listen(
      http.createServer((_request, response) => response.end(String(flags.boolean('a', true)))),
    );
    expect((await request(port)).body).toBe('false');
  });
});

describe('observe()', () => {
  test('serves from a file, sees its changes, and keeps handles that were taken before', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'fourlights-flags-'));
    const path = join(folder, 'flags.json');
    writeFileSync(path, JSON.stringify({ flags: { late: flag({ defaultVariant: 'on' }) } }));
    const handle = flags.handle('late', false);
    expect(handle.on()).toBe(false);
    observing({ flags: { source: path } });
    expect(await flags.ready()).toEqual({ status: 'live' });
    expect(handle.on()).toBe(true);
    const changed = new Promise((resolve) => flags.onChange('late', resolve));
    writeFileSync(path, JSON.stringify({ flags: { late: flag() } }));
    await changed;
    expect(handle.on()).toBe(false);
    rmSync(folder, { recursive: true });
  });

  test('obeys FOURLIGHTS_FLAGS_OFF whatever the document says', () => {
    process.env['FOURLIGHTS_FLAGS_OFF'] = 'a';
    try {
      observing({ flags: { source: flagSources.memory({ flags: { a: flag({ defaultVariant: 'on' }) } }) } });
      expect(flags.boolean('a', true)).toBe(false);
    } finally {
      delete process.env['FOURLIGHTS_FLAGS_OFF'];
      flags.lift('kill', 'a');
    }
  });

  test('refuses a source that is none, naming the forms there are', () => {
    expect(() => observing({ flags: { source: 'ftp://flags' } })).toThrow(/flags\.source: .*ftp.*known: file, http/);
  });
});

import { expect } from 'vitest';
import type { Fault } from '../../fault.js';
import { exchanged, head } from '../../trials/raw.js';

export const headers: Fault = {
  name: 'headers of 64 KB, 500 headers, bytes that are no UTF-8, request lines that are no URL',
  promise: 'answered as Node answers; what is no ID is replaced and not kept; lines stay JSON and short',
  goals: [1, 8],
  async run(scene) {
    const host = await scene.host({ node: ['--max-http-header-size=262144'], options: () => ({ traces: {} }) });
    const many = Array.from({ length: 500 }, (_, i) => `x-${i}: y`);
    const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');
    const requests = [
      bytes(head('GET /ok HTTP/1.1', `x-correlation-id: ${'a'.repeat(65_536)}`)),
      bytes(
        head(
          'GET /ok HTTP/1.1',
          `traceparent: ${'0'.repeat(65_536)}`,
          `tracestate: ${'a=b,'.repeat(16_000)}`,
          `baggage: ${'a=b,'.repeat(16_000)}`,
        ),
      ),
      bytes(head('GET /ok HTTP/1.1', ...many)),
      bytes(head('GET /ok HTTP/1.1', 'x-correlation-id: \u00ff\u00fe{"a":1}', 'user-agent: \u00c3\u0028')),
      bytes(head('GET /\u00ff\u00fe%ff%zz HTTP/1.1')),
      bytes(head('GET http://[ HTTP/1.1')),
      bytes(head('GET // HTTP/1.1')),
      bytes(head('GET % HTTP/1.1')),
      bytes(head('OPTIONS * HTTP/1.1')),
      bytes(head('GET /ok HTTP/1.1', 'x-request-id: one', 'x-request-id: two')),
      bytes(head(`GET /${'a'.repeat(60_000)} HTTP/1.1`)),
    ];
    let longest = 0;
    for (const request of requests) {
      const answer = await exchanged(host.port, request);
      expect(answer).toMatch(/^HTTP\/1\.1 \d{3} /);
      longest = Math.max(longest, /x-correlation-id: (.*)\r/i.exec(answer)?.[1]?.length ?? 0);
    }
    await host.quiet();
    for (const line of host.stdout.split('\n').filter(Boolean)) JSON.parse(line);
    const idBytes = Math.max(
      ...host
        .records()
        .slice(0, 4)
        .map((record) => String(record['correlation_id']).length * 2),
    );
    expect(longest).toBeLessThanOrEqual(128);
    const lengths = host.stdout.split('\n').map(({ length }) => length);
    return {
      text: `${requests.length} requests, ${host.records().length} records; longest ID ${longest}; longest line ${Math.max(...lengths)} B`,
      measured: { idLength: longest, idLogBytes: idBytes },
    };
  },
};

import { once } from 'node:events';
import http from 'node:http';

const MAX_BODY_BYTES = 5_000_000;

/**
 * A small OTLP/HTTP receiver on loopback: what a collector or Jaeger would be. The services need no code for it, only
 * OTEL_EXPORTER_OTLP_ENDPOINT.
 * @param {(request: unknown, body: string) => void} onSpans each ExportTraceServiceRequest, and how it came
 * @returns {Promise<{ url: string, close(): void }>}
 */
export async function startReceiver(onSpans) {
  const server = http.createServer(async (request, response) => {
    try {
      const body = await bodyOf(request);
      onSpans(JSON.parse(body), body);
      response.setHeader('content-type', 'application/json').end('{}');
    } catch (error) {
      response.writeHead(400).end(error.message);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function bodyOf(request) {
  const chunks = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) throw new RangeError('the body is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

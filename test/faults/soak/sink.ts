import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';

interface TraceRequest {
  readonly resourceSpans: readonly { readonly scopeSpans: readonly { readonly spans: readonly unknown[] }[] }[];
}

/** A collector that keeps nothing of the spans but their number. */
export class Sink {
  spans = 0;
  readonly #server = http.createServer((request, response) => void this.#take(request, response));

  async listen(): Promise<string> {
    this.#server.keepAliveTimeout = 0;
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #take(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const plain = request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
    const { resourceSpans }: TraceRequest = JSON.parse(plain.toString());
    for (const { scopeSpans } of resourceSpans) for (const { spans } of scopeSpans) this.spans += spans.length;
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  }
}

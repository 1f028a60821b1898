import type { IncomingMessage } from 'node:http';

/** The body, `undefined` when it is longer. Rejects when the connection breaks. One that the application has parsed already is taken as it is. */
export async function bodyOf(request: IncomingMessage, maxBytes: number): Promise<Buffer | undefined> {
  if (request.readableEnded) return parsedBefore(request);
  if (Number(request.headers['content-length']) > maxBytes) return undefined;
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    bytes += chunk.length;
    if (bytes > maxBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function parsedBefore(request: IncomingMessage & { readonly body?: unknown }): Buffer {
  const { body } = request;
  if (body instanceof Uint8Array) return Buffer.from(body);
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body ?? {}));
}

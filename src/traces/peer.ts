import type { ServerRequest } from '../core/exchange.js';

/** The two ends of a connection. */
export interface Peer {
  readonly scheme: 'http' | 'https';
  readonly localPort: number | undefined;
  readonly remoteAddress: string | undefined;
}

const PEER = Symbol('fourlights.peer');

type Connection = ServerRequest['socket'] & { [PEER]?: Peer };

/** Asked once per connection, which forgets its ends when it closes. */
export function peerOf(request: ServerRequest): Peer {
  const socket: Connection = request.socket;
  socket[PEER] ??= {
    scheme: 'encrypted' in socket ? 'https' : 'http',
    localPort: socket.localPort,
    remoteAddress: socket.remoteAddress,
  };
  return socket[PEER];
}

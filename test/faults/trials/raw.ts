import { once } from 'node:events';
import net from 'node:net';

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** A connection that does what no well-behaved client does. Errors of it are expected. */
export async function connected(port: number): Promise<net.Socket> {
  const socket = net.connect(port, '127.0.0.1');
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
}

/** Sends the bytes and gives all that comes until it holds so many answers, the other side ends, or the time is up. */
export async function exchanged(port: number, bytes: string | Buffer, answers = 1, limitMs = 20_000): Promise<string> {
  const socket = await connected(port);
  let text = '';
  await new Promise<void>((resolve) => {
    const limit = setTimeout(resolve, limitMs);
    socket.setEncoding('latin1').on('data', (chunk) => {
      text += chunk;
      if (text.split('HTTP/1.1 ').length > answers) setTimeout(resolve, 5, clearTimeout(limit));
    });
    socket.on('close', () => resolve(clearTimeout(limit)));
    socket.write(bytes);
  });
  socket.destroy();
  return text;
}

export const head = (line: string, ...headers: string[]): string =>
  `${[line, 'Host: x', ...headers].join('\r\n')}\r\n\r\n`;

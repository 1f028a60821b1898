// Requests that stay open: each on a connection of its own, answered when the server says so.
import { once } from 'node:events';
import { connect } from 'node:net';
import { answer } from './answer.cjs';

const AT_A_TIME = 200;
let sockets = [];

/** @param {{ url: string, path: string, count: number }} what */
async function open({ url, path, count }) {
  const { hostname, port } = new URL(url);
  for (let opened = 0; opened < count; opened += AT_A_TIME) {
    const some = Array.from({ length: Math.min(AT_A_TIME, count - opened) }, () => connect(Number(port), hostname));
    await Promise.all(some.map((socket) => once(socket, 'connect')));
    for (const [at, socket] of some.entries()) {
      socket.resume().on('error', () => {}); // told by the server's count
      socket.write(`GET ${path}${opened + at} HTTP/1.1\r\nhost: ${hostname}\r\n\r\n`);
    }
    sockets.push(...some);
  }
}

function close() {
  for (const socket of sockets) socket.destroy();
  sockets = [];
}

answer({ open, close });

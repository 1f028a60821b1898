import { connect } from 'node:net';

const CUSTOMERS = 400;
/** Of ten requests. */
const PAGES = ['home', 'home', 'search', 'home', 'checkout', 'home', 'search', 'home', 'checkout', 'nowhere'] as const;

/** Customers, over plain sockets: a client of Node's would be observed as well, as what the shop calls. */
export function startTraffic(port: number, requestsPerSecond: number): { stop(): number } {
  let sent = 0;
  const timer = setInterval(() => {
    const page = PAGES[sent % PAGES.length] ?? 'home';
    const customer = 1 + ((sent * 37) % CUSTOMERS);
    sent++;
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(`GET /${page}/${customer} HTTP/1.1\r\nhost: shop.demo\r\nconnection: close\r\n\r\n`);
    });
    socket.on('error', () => {}).resume();
  }, 1000 / requestsPerSecond);
  return {
    stop() {
      clearInterval(timer);
      return sent;
    },
  };
}

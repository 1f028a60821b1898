/** Preloaded into an example: its server takes a spare port of loopback, whatever it asks for, and tells the test which. */
import { Server } from 'node:net';
import process from 'node:process';

const { listen } = Server.prototype;

Server.prototype.listen = function listenOnSparePort(...args) {
  this.once('listening', () => process.send?.({ port: this.address().port }));
  return Reflect.apply(listen, this, [0, '127.0.0.1', ...args.filter((arg) => typeof arg === 'function')]);
};

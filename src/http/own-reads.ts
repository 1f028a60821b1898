import { EventEmitter } from 'node:events';
import type { OutgoingMessage as Outgoing } from 'node:http';
import type { AnyResponse } from '../core/exchange.js';
import { http } from '../core/node-http.js';

/**
 * What Node's messages say, asked through the class that says it: Express puts prototypes of its own between, and along that
 * chain each answer takes Node 20 a third of a microsecond. HTTP/2's messages have classes of their own and are asked plainly.
 */
const { OutgoingMessage } = http;
const headWritten = getterOf('headersSent');
const wholeWritten = getterOf('writableFinished');
const { hasHeader } = OutgoingMessage.prototype;
export const { listenerCount, rawListeners } = EventEmitter.prototype;

export function headersSent(response: AnyResponse): boolean {
  return response instanceof OutgoingMessage ? headWritten.call(response) : response.headersSent;
}

export function writableFinished(response: AnyResponse): boolean {
  return response instanceof OutgoingMessage ? wholeWritten.call(response) : response.writableFinished;
}

export function carriesHeader(response: AnyResponse, name: string): boolean {
  return response instanceof OutgoingMessage ? hasHeader.call(response, name) : response.hasHeader(name);
}

function getterOf(name: 'headersSent' | 'writableFinished'): (this: Outgoing) => boolean {
  const get = Object.getOwnPropertyDescriptor(OutgoingMessage.prototype, name)?.get;
  return (
    get ??
    function (this: Outgoing): boolean {
      return this[name];
    }
  );
}

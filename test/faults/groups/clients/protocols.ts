import { expect } from 'vitest';
import { certificate } from '../../../support/certificate.js';
import type { Fault } from '../../fault.js';
import { pause } from '../../trials/raw.js';
import { ONE } from './promise.js';

export const protocols: Fault = {
  name: 'http2 without TLS, https, and a client that sends plain text to https',
  promise: ONE,
  goals: [1, 14],
  async run(scene) {
    const host = await scene.host({ options: () => ({ traces: {} }) });
    const answers = await host.run(async ({ require, argument: { key, cert } }) => {
      const [http2, https, net] = [require('node:http2'), require('node:https'), require('node:net')] as [
        typeof import('node:http2'),
        typeof import('node:https'),
        typeof import('node:net'),
      ];
      const listening = <S extends import('node:net').Server>(server: S): Promise<number> =>
        new Promise((resolve) =>
          server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port)),
        );
      const two = http2.createServer((_request, response) => void response.end('two'));
      const secure = https.createServer({ key, cert }, (_request, response) => void response.end('secure'));
      const [twoPort, securePort] = [await listening(two), await listening(secure)];
      const session = http2.connect(`http://127.0.0.1:${twoPort}`);
      const statuses: unknown[] = [];
      for (let i = 0; i < 3; i++) {
        const stream = session.request({ ':path': `/${i}` });
        stream.on('response', (headers) => statuses.push(headers[':status']));
        await new Promise((resolve) => stream.resume().on('close', resolve));
      }
      const gone = session.request({ ':path': '/gone' });
      gone.on('error', () => {});
      gone.close(8);
      await new Promise((resolve) => gone.resume().on('close', resolve));
      session.close();
      await new Promise<void>((resolve) => {
        https.get({ host: '127.0.0.1', port: securePort, rejectUnauthorized: false, agent: false }, (response) => {
          statuses.push(response.statusCode);
          response.resume().on('end', resolve);
        });
      });
      await new Promise((resolve) => {
        const plain = net.connect(securePort, '127.0.0.1', () => plain.write('GET / HTTP/1.1\r\n\r\n'));
        plain.on('error', resolve).on('close', resolve).resume();
      });
      two.close();
      secure.close();
      return statuses;
    }, certificate);
    expect(answers).toEqual([200, 200, 200, 200]);
    await host.quiet();
    await pause(100);
    const count = host.records().length;
    expect([4, 5]).toContain(count); // a stream that is closed at once may never have been a request
    return { text: `${count} records; in flight 0`, measured: { recordsOff: 0, inFlight: 0 } };
  },
};

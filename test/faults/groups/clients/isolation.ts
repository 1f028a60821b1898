import { expect } from 'vitest';
import type { Fault } from '../../fault.js';
import { exchanged, head } from '../../trials/raw.js';

export const isolation: Fault = {
  name: 'pipelined and kept-alive requests of many clients, interleaved',
  promise: 'each answer and each of its log lines bears the ID of its own request',
  goals: [1, 10, 14],
  async run(scene) {
    const [total, clients, batch] = [scene.long ? 1_000_000 : 4000, 10, 100];
    const host = await scene.host({ options: () => ({ log: { accessLog: false } }) });
    let [wrong, next] = [0, 0];
    const client = async (name: number): Promise<void> => {
      while (next < total) {
        next += batch;
        const ids = Array.from({ length: batch }, (_, i) => `c${name}-${next}-${i}`);
        const text = await exchanged(
          host.port,
          ids.map((id) => head('GET /log HTTP/1.1', `x-correlation-id: ${id}`)).join(''),
          batch,
          120_000,
        );
        const answers = text.split('HTTP/1.1 ').slice(1);
        ids.forEach((id, i) => {
          const answer = answers[i] ?? '';
          if (!answer.includes(`x-correlation-id: ${id}\r\n`) || !answer.includes(`\r\n\r\n${id}`)) wrong++;
        });
        for (const [, of, said] of host.stdout.matchAll(/"correlation_id":"([^"]*)".*"id":"([^"]*)"/g))
          if (of !== said) wrong++;
        host.stdout = host.stdout.slice(host.stdout.lastIndexOf('\n') + 1);
      }
    };
    await Promise.all(Array.from({ length: clients }, (_, name) => client(name)));
    expect(wrong).toBe(0);
    return { text: `${next} requests, ${wrong} wrong IDs`, measured: { wrongIds: wrong, interleaved: next } };
  },
};

// Every second order fails until the alert has fired and the pager has been told; then all is well until it has resolved.
// A minute and a half. As an Alertmanager does, a pager hears of changes every five minutes, or when the service ends.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { Service } from '../support/service.mjs';

/** What a pager would get: the body that Alertmanager sends. */
let isPaged = false;
const pager = createServer((request, response) => {
  let text = '';
  request.on('data', (chunk) => {
    text += chunk;
  });
  request.on('end', () => {
    const { status, alerts } = JSON.parse(text);
    for (const { labels, annotations } of alerts)
      console.log(`pager: ${status} ${labels.alertname}: ${annotations.action}`);
    isPaged = true;
    response.end();
  });
}).listen(0, '127.0.0.1');
await once(pager, 'listening');

const service = new Service(new URL('app.mjs', import.meta.url), {
  WEBHOOK: `http://127.0.0.1:${pager.address().port}/`,
});

/** Twice a second so many requests at once, of which some fail. */
async function load({ good, broken }, isOver) {
  while (!isOver()) {
    const orders = Array.from({ length: good + broken }, (_, i) => service.get(i < broken ? '/broken' : '/'));
    await Promise.all([...orders, pause(500)]);
  }
}

try {
  await load({ good: 5, broken: 5 }, () => isPaged);
  console.log('mended');
  await load({ good: 300, broken: 0 }, () => service.hasSaid('alert_resolved'));
} finally {
  console.log(`ended by ${await service.stop()}`);
  pager.close();
}

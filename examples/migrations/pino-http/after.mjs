import express from 'express';
import { log, observe } from 'fourlights';
import { goldenSignals } from 'fourlights/express';

observe({
  service: 'shop',
  http: { correlationHeaders: ['x-request-id'] },
  log: { accessLog: { ignore: ['/health'] } },
});

const app = express();
app.use(goldenSignals());
app.get('/health', (_req, res) => res.end('ok'));
app.get('/carts/:user', (req, res) => {
  log.info({ user_id: req.params.user, token: 'abc' }, 'cart_opened');
  res.json({ items: 3 });
});
app.get('/broken', (_req, res) => res.status(500).end());
app.listen(3000);

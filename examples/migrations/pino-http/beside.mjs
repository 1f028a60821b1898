import express from 'express';
import { correlationId, observe } from 'fourlights';
import pino from 'pino';
import pinoHttp from 'pino-http';

observe({
  service: 'shop',
  http: { correlationHeaders: ['x-request-id'] },
  log: { accessLog: false }, // pino-http writes its own
});
const logger = pino({ base: { service: 'shop' }, redact: ['token'] });

const app = express();
app.use(
  pinoHttp({
    logger,
    genReqId: () => correlationId() ?? '', // one ID in the lines of both
    autoLogging: { ignore: (req) => req.url === '/health' },
    customLogLevel: (_req, res) => (res.statusCode >= 500 ? 'error' : 'info'),
  }),
);
app.get('/health', (_req, res) => res.end('ok'));
app.get('/carts/:user', (req, res) => {
  req.log.info({ user_id: req.params.user, token: 'abc' }, 'cart_opened');
  res.json({ items: 3 });
});
app.get('/broken', (_req, res) => res.status(500).end());
app.listen(3000);

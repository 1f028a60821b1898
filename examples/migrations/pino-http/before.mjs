import { randomUUID } from 'node:crypto';
import express from 'express';
import pino from 'pino';
import pinoHttp from 'pino-http';

const logger = pino({ base: { service: 'shop' }, redact: ['token'] });

const app = express();
app.use(
  pinoHttp({
    logger,
    genReqId: (req) => req.headers['x-request-id'] ?? randomUUID(),
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

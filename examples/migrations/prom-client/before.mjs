import express from 'express';
import promBundle from 'express-prom-bundle';
import { Counter } from 'prom-client';

const orders = new Counter({ name: 'orders_placed_total', help: 'Orders placed.', labelNames: ['plan'] });

const app = express();
app.use(
  promBundle({
    includeMethod: true,
    includePath: true,
    normalizePath: (req) => (req.route === undefined ? 'unknown' : req.baseUrl + req.route.path),
    buckets: [0.003, 0.03, 0.1, 0.3, 1.5, 10],
    promClient: { collectDefaultMetrics: {} },
  }),
);
app.get('/carts/:user', (req, res) => res.json({ user: req.params.user }));
app.post('/orders/:plan', (req, res) => {
  orders.inc({ plan: req.params.plan });
  res.status(201).end();
});
app.get('/broken', (_req, res) => res.status(500).end());
app.listen(3000);

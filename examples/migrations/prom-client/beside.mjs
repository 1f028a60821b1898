import express from 'express';
import promBundle from 'express-prom-bundle';
import { observe } from 'fourlights';
import { Counter, register } from 'prom-client';

const { admin } = observe({
  service: 'shop',
  http: { ignore: ['/metrics'] },
  metrics: { include: register }, // what prom-client has, in the same text
});
const orders = new Counter({ name: 'orders_placed_total', help: 'Orders placed.', labelNames: ['plan'] });

const app = express();
app.get('/metrics', admin.handler); // before the bundle, which would answer it
app.use(
  promBundle({
    includeMethod: true,
    includePath: true,
    normalizePath: (req) => (req.route === undefined ? 'unknown' : req.baseUrl + req.route.path),
  }),
);
app.get('/carts/:user', (req, res) => res.json({ user: req.params.user }));
app.post('/orders/:plan', (req, res) => {
  orders.inc({ plan: req.params.plan });
  res.status(201).end();
});
app.get('/broken', (_req, res) => res.status(500).end());
app.listen(3000);

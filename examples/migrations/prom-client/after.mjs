import express from 'express';
import { counter, observe } from 'fourlights';
import { goldenSignals } from 'fourlights/express';

const { admin } = observe({
  service: 'shop',
  http: { ignore: ['/metrics'] },
  metrics: { buckets: [0.003, 0.03, 0.1, 0.3, 1.5, 10] },
});
const orders = counter('orders.placed', {
  unit: '{order}',
  action: 'falls against last week: look at the payment provider.',
  attributes: { plan: ['free', 'pro'] },
});

const app = express();
app.use(goldenSignals());
app.get('/metrics', admin.handler);
app.get('/carts/:user', (req, res) => res.json({ user: req.params.user }));
app.post('/orders/:plan', (req, res) => {
  orders.add(1, { plan: req.params.plan === 'pro' ? 'pro' : 'free' });
  res.status(201).end();
});
app.get('/broken', (_req, res) => res.status(500).end());
app.listen(3000);

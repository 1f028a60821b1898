import { setTimeout } from 'node:timers/promises';
import express from 'express';
import { context, correlationId, observe } from 'fourlights';
import { goldenSignals } from 'fourlights/express';

observe({ service: 'shop', http: { correlationHeaders: ['x-request-id'] } });
const stock = process.env.STOCK_URL ?? 'http://127.0.0.1:3001/';

const app = express();
app.use(goldenSignals());
app.get('/carts', async (_req, res) => {
  await setTimeout(5);
  await fetch(stock); // the header goes out by itself
  res.json({ id: correlationId() });
});
app.listen(3000);

context.run({ correlationId: 'job-1' }, () => console.log(correlationId()));

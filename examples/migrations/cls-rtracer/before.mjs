import { setTimeout } from 'node:timers/promises';
import rTracer from 'cls-rtracer';
import express from 'express';

const stock = process.env.STOCK_URL ?? 'http://127.0.0.1:3001/';

const app = express();
app.use(rTracer.expressMiddleware({ useHeader: true, headerName: 'X-Request-Id', echoHeader: true }));
app.get('/carts', async (_req, res) => {
  await setTimeout(5);
  await fetch(stock, { headers: { 'x-request-id': String(rTracer.id()) } });
  res.json({ id: rTracer.id() });
});
app.listen(3000);

rTracer.runWithId(() => console.log(rTracer.id()), 'job-1');

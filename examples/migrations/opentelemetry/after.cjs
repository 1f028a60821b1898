const http = require('node:http');
const express = require('express');
const { observe, span } = require('fourlights');

observe({ traces: {} }); // exported, as OTEL_EXPORTER_OTLP_ENDPOINT is set
const stock = process.env.STOCK_URL ?? 'http://127.0.0.1:3001/';

const app = express();
app.get('/carts/:user', async (_req, res) => {
  await span(
    'price_cart',
    () => new Promise((resolve) => http.get(stock, (answer) => answer.resume().on('end', resolve))),
  );
  res.json({ items: 3 });
});
app.get('/broken', (_req, res) => res.status(500).end());
app.listen(3000);

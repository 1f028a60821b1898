const { ExpressInstrumentation } = require('@opentelemetry/instrumentation-express');
const { HttpInstrumentation } = require('@opentelemetry/instrumentation-http');
const { NodeSDK } = require('@opentelemetry/sdk-node');

const sdk = new NodeSDK({ instrumentations: [new HttpInstrumentation(), new ExpressInstrumentation()] });
sdk.start(); // before express and http are loaded
process.on('SIGTERM', () => sdk.shutdown().finally(() => process.exit(0)));

const http = require('node:http');
const express = require('express');
const { observe, span } = require('fourlights');

observe(); // finds the application's provider: its spans are used, and ours are made and exported by it
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

const { ExpressInstrumentation } = require('@opentelemetry/instrumentation-express');
const { HttpInstrumentation } = require('@opentelemetry/instrumentation-http');
const { NodeSDK } = require('@opentelemetry/sdk-node');

const sdk = new NodeSDK({ instrumentations: [new HttpInstrumentation(), new ExpressInstrumentation()] });
sdk.start(); // before express and http are loaded
process.on('SIGTERM', () => sdk.shutdown().finally(() => process.exit(0)));

const http = require('node:http');
const { trace } = require('@opentelemetry/api');
const express = require('express');

const stock = process.env.STOCK_URL ?? 'http://127.0.0.1:3001/';
const tracer = trace.getTracer('shop');

const app = express();
app.get('/carts/:user', (_req, res) => {
  tracer.startActiveSpan('price_cart', (span) => {
    http.get(stock, (answer) => {
      answer.resume().on('end', () => {
        span.end();
        res.json({ items: 3 });
      });
    });
  });
});
app.get('/broken', (_req, res) => res.status(500).end());
app.listen(3000);

import express from 'express';
import { flags, observe } from 'fourlights';
import { goldenSignals } from 'fourlights/express';
import { unleash } from 'fourlights/unleash';
import { initialize } from 'unleash-client';

const client = initialize({
  appName: 'shop',
  url: process.env.UNLEASH_URL ?? 'http://127.0.0.1:4242/api/',
  customHeaders: { Authorization: process.env.UNLEASH_TOKEN ?? '' },
});
observe({ service: 'shop', flags: { source: unleash(client) } });

const app = express();
app.use(goldenSignals());
app.get('/checkout/:user', (req, res) => {
  const plan = String(req.query.plan);
  const { enabled, payload } = client.getVariant('button', { userId: req.params.user, properties: { plan } });
  res.json({
    checkout: flags.boolean('new_checkout', false, { targetingKey: req.params.user, plan }), // this one has moved
    unknown: client.isEnabled('no_such_flag', { userId: req.params.user, properties: { plan } }),
    button: enabled ? payload?.value : 'grey',
  });
});
app.listen(3000);

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
observe({ service: 'shop', flags: { source: unleash(client) } }); // its errors are told by us

const app = express();
app.use(goldenSignals());
app.get('/checkout/:user', (req, res) => {
  flags.identify({ targetingKey: req.params.user, plan: String(req.query.plan) });
  res.json({
    checkout: flags.boolean('new_checkout', false),
    unknown: flags.boolean('no_such_flag', false),
    button: flags.string('button', 'grey'),
  });
});
app.listen(3000);

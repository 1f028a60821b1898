import express from 'express';
import { initialize } from 'unleash-client';

const unleash = initialize({
  appName: 'shop',
  url: process.env.UNLEASH_URL ?? 'http://127.0.0.1:4242/api/',
  customHeaders: { Authorization: process.env.UNLEASH_TOKEN ?? '' },
});
unleash.on('error', (error) => console.error(error.message));

const app = express();
app.get('/checkout/:user', (req, res) => {
  const who = { userId: req.params.user, properties: { plan: String(req.query.plan) } };
  const { enabled, payload } = unleash.getVariant('button', who);
  res.json({
    checkout: unleash.isEnabled('new_checkout', who),
    unknown: unleash.isEnabled('no_such_flag', who),
    button: enabled ? payload?.value : 'grey',
  });
});
app.listen(3000);

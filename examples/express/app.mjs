import express from 'express';
import { log, observe } from 'fourlights';
import { goldenSignals } from 'fourlights/express';

const { admin } = observe({ service: 'express-example' });

const app = express();
app.use(goldenSignals());
app.get('/users/:id', (req, res) => {
  if (req.params.id === '0') throw new RangeError('there is no user 0');
  log.info({ user_id: req.params.id, token: 'abc' }, 'user_read');
  res.json({ id: req.params.id });
});
const server = app.listen(process.env.PORT ?? 3000, async () => {
  log.info({ port: server.address().port, admin: await admin.port }, 'listening');
});

import Router from '@koa/router';
import { log, observe } from 'fourlights';
import { goldenSignals } from 'fourlights/koa';
import Koa from 'koa';

const { admin } = observe({ service: 'koa-example' });

const router = new Router({ prefix: '/users' });
router.get('/:id', (ctx) => {
  if (ctx.params.id === '0') throw new RangeError('there is no user 0');
  log.info({ user_id: ctx.params.id, token: 'abc' }, 'user_read');
  ctx.body = { id: ctx.params.id };
});
const app = new Koa().use(goldenSignals()).use(router.routes());
app.silent = true; // the access log has the error
const server = app.listen(process.env.PORT ?? 3000, async () => {
  log.info({ port: server.address().port, admin: await admin.port }, 'listening');
});

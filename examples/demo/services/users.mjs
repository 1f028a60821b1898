import Router from '@koa/router';
import { log, observe } from 'fourlights';
import { goldenSignals } from 'fourlights/koa';
import Koa from 'koa';
import { closeDatabase, userById } from './database.mjs';
import { serve } from './serve.mjs';

observe({ service: 'users' });

const router = new Router();

router.get('/users/:user', async (koa) => {
  const { user } = koa.params;
  const found = await userById(Number(user));
  if (found === undefined) koa.throw(404, 'no such user');
  log.info({ user_id: user, plan: found.plan }, 'user_loaded');
  koa.body = found;
});

const app = new Koa();
app.use(goldenSignals());
app.use(router.routes());

await serve(app.callback(), { close: closeDatabase });

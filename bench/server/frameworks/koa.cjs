const { createServer } = require('node:http');
const Router = require('@koa/router');
const Koa = require('koa');

/** @param {import('../main.cjs').Service} service */
exports.serve = function serve({ parts, prefixes, answer }) {
  const app = new Koa();
  for (const part of parts) if (part.koa) app.use(part.koa());
  const router = new Router({ prefix: '/api' });
  for (const prefix of prefixes) {
    router.get(`${prefix.slice('/api'.length)}/:id`, (ctx) => {
      ctx.body = answer(ctx.params.id);
    });
  }
  return createServer(app.use(router.routes()).callback());
};

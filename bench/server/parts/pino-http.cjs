const { once } = require('node:events');
const pino = require('pino');
const pinoHttp = require('pino-http');

const destination = pino.destination(process.env.BENCH_LOG);
const logged = pinoHttp({ logger: pino(destination) });

exports.express = () => logged;

/** As koa-pino-logger does it. */
exports.koa = () => (ctx, next) => {
  logged(ctx.req, ctx.res);
  return next();
};

exports.http = (handle) => (req, res) => {
  logged(req, res);
  handle(req, res);
};

exports.flush = async () => {
  destination.end();
  await once(destination, 'close');
};

const { once } = require('node:events');
const pino = require('pino');
const pinoHttp = require('pino-http');

const destination = pino.destination(process.env.BENCH_LOG);

exports.middleware = () => pinoHttp({ logger: pino(destination) });

exports.flush = async () => {
  destination.end();
  await once(destination, 'close');
};

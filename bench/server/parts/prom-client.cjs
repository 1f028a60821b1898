// By hand, as its users do where no bundle exists: one histogram with the bundle's labels and buckets, observed at the end.
const { Histogram } = require('prom-client');

const duration = new Histogram({
  name: 'http_request_duration_seconds',
  help: 'Duration of requests',
  labelNames: ['method', 'path', 'status_code'],
  buckets: [0.003, 0.03, 0.1, 0.3, 1.5, 10],
});

function time(req, res, path) {
  const end = duration.startTimer();
  res.once('finish', () => end({ method: req.method, path: path(), status_code: res.statusCode }));
}

exports.koa = () => (ctx, next) => {
  time(ctx.req, ctx.res, () => ctx._matchedRoute);
  return next();
};

exports.http = (handle) => (req, res) => {
  time(req, res, () => '/api/users/:id');
  handle(req, res);
};

exports.recorded = async () => {
  const { values } = await duration.get();
  return values.filter((sample) => sample.metricName.endsWith('_count')).reduce((sum, { value }) => sum + value, 0);
};

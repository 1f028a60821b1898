const rTracer = require('cls-rtracer');

const options = { echoHeader: true };

exports.express = () => rTracer.expressMiddleware(options);

exports.koa = () => rTracer.koaMiddleware(options);

/** For a plain server it has the storage alone; the header is ours to echo. */
exports.http = (handle) => (req, res) => {
  rTracer.runWithId(() => {
    res.setHeader('x-request-id', rTracer.id());
    handle(req, res);
  });
};

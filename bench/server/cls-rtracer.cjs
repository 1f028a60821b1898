const rTracer = require('cls-rtracer');

exports.middleware = () => rTracer.expressMiddleware({ echoHeader: true });

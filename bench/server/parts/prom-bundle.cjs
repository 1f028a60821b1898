const promBundle = require('express-prom-bundle');
const { register } = require('prom-client');

exports.express = () => promBundle({ includeMethod: true, includePath: true, includeStatusCode: true });

exports.recorded = async () => {
  const { values } = await register.getSingleMetric('http_request_duration_seconds').get();
  return values.filter((sample) => sample.metricName.endsWith('_count')).reduce((sum, { value }) => sum + value, 0);
};

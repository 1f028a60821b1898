/** Another service did not do its part: for our own caller that is a 502. */
class UpstreamError extends Error {
  name = 'UpstreamError';
  status = 502;
}

/**
 * Asks another service, found by `<NAME>_URL` in the environment, for JSON. No header is set here: the library sends
 * the correlation ID along.
 * @param {string} service
 * @param {string} path
 */
export async function get(service, path) {
  const response = await fetch(new URL(path, process.env[`${service.toUpperCase()}_URL`]));
  const body = await response.json();
  if (!response.ok) throw new UpstreamError(`${service} answered ${response.status}`);
  return body;
}

/** Express's error handler, known by its four parameters. The access log has the error already. */
export function answerError(error, _request, response, _next) {
  response.status(error.status ?? 500).json({ error: error.message });
}

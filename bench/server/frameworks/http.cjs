const { createServer } = require('node:http');
const { HELD, hold } = require('../answers.cjs');

/** @param {import('../main.cjs').Service} service */
exports.serve = function serve({ parts, prefixes, answer }) {
  const known = new Set(prefixes);
  let handle = (req, res) => {
    if (req.url.startsWith(HELD)) return hold(() => res.end());
    const slash = req.url.lastIndexOf('/');
    if (!known.has(req.url.slice(0, slash))) return void res.writeHead(404).end();
    const body = JSON.stringify(answer(req.url.slice(slash + 1)));
    res.setHeader('content-type', 'application/json; charset=utf-8');
    res.setHeader('content-length', Buffer.byteLength(body));
    res.end(body);
  };
  for (const part of [...parts].reverse()) if (part.http) handle = part.http(handle);
  return createServer(handle);
};

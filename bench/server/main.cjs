// One Express 5 service; the parts named on the command line are mounted in front of its one route.
const { once } = require('node:events');
const { join } = require('node:path');
const { setImmediate: nextTurn } = require('node:timers/promises');
const { pathToFileURL } = require('node:url');
const express = require('express');
const { answer } = require('../harness/answer.cjs');

let parts = [];
let server;
let answered = 0;

async function listen() {
  parts = await Promise.all(process.argv.slice(2).map((file) => import(pathToFileURL(join(__dirname, file)).href)));
  const users = express.Router();
  users.get('/users/:id', (req, res) => {
    res.json({
      id: req.params.id,
      name: 'Ada Lovelace',
      email: 'ada@example.com',
      roles: ['reader', 'editor'],
      address: { street: '12 St James Square', city: 'London', country: 'GB' },
      created: '2024-05-17T09:30:00.000Z',
    });
    answered++;
  });
  const app = express();
  for (const part of parts) if (part.middleware) app.use(part.middleware());
  app.use('/api', users);
  server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${server.address().port}`, node: process.version };
}

function mark() {
  const { user, system } = process.cpuUsage();
  return { cpuUs: user + system, answered, rssBytes: process.memoryUsage.rss() };
}

async function stop() {
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
  await nextTurn(); // responses that the load generator left behind end before anyone is asked what it recorded
  const recorded = [];
  for (const part of parts) if (part.recorded) recorded.push(await part.recorded());
  for (const part of parts) await part.flush?.();
  return { answered, recorded };
}

answer({ listen, mark, stop });

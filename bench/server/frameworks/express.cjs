const express = require('express');
const { createServer } = require('node:http');

/** @param {import('../main.cjs').Service} service */
exports.serve = function serve({ parts, prefixes, answer }) {
  const app = express();
  for (const part of parts) if (part.express) app.use(part.express());
  const api = express.Router();
  for (const prefix of prefixes) {
    api.get(`${prefix.slice('/api'.length)}/:id`, (req, res) => {
      res.json(answer(req.params.id));
    });
  }
  app.use('/api', api);
  return createServer(app);
};

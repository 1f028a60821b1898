import express from 'express';
import { log, observe, span } from 'fourlights';
import { goldenSignals } from 'fourlights/express';
import { LRUCache } from 'lru-cache';
import { serve } from './serve.mjs';
import { answerError, get } from './upstream.mjs';

observe({ service: 'recommendations' });

const cache = new LRUCache({ max: 500, ttl: 1000 });

const app = express();
app.use(goldenSignals());

app.get('/picks/:user', async (request, response) => {
  const { user } = request.params;
  const cached = span('get', { attributes: { 'db.system.name': 'cache' } }, () => cache.get(user));
  log.info({ user_id: user, hit: cached !== undefined }, 'cache_read');
  if (cached !== undefined) {
    response.json(cached);
    return;
  }
  const picks = await get('model', `/scores/${user}`);
  cache.set(user, picks);
  log.info({ user_id: user, picks: picks.length }, 'picks_ranked');
  response.json(picks);
});

app.use(answerError);

await serve(app);

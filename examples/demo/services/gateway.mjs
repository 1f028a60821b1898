import express from 'express';
import { log, observe } from 'fourlights';
import { goldenSignals } from 'fourlights/express';
import { serve } from './serve.mjs';
import { answerError, get } from './upstream.mjs';

// The page of this service is where the spans of all the others meet: `admin.otlp` takes them.
const { admin } = observe({ service: 'gateway', admin: { port: 0, otlp: true } });

const app = express();
app.use(goldenSignals());

app.get('/home/:user', async (request, response) => {
  const { user } = request.params;
  await get('auth', `/sessions/${user}`);
  const [profile, picks] = await Promise.all([
    get('users', `/users/${user}`),
    get('recommendations', `/picks/${user}`),
  ]);
  log.info({ user_id: user, picks: picks.length }, 'home_composed');
  response.json({ profile, picks });
});

app.get('/profile/:user', async (request, response) => {
  const { user } = request.params;
  await get('auth', `/sessions/${user}`);
  response.json(await get('users', `/users/${user}`));
});

app.use(answerError);

await serve(app, { page: await admin.port });

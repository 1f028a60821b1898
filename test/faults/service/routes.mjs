import express from 'express';
import { goldenSignals } from 'fourlights/express';

/** What the service does: one route for each way in which a request can go. */
export async function routes(lib, bare) {
  const app = express();
  if (!bare) app.use(goldenSignals());
  app.get('/ok', (_request, response) => response.send('ok'));
  app.get('/log', (_request, response) => {
    lib.log.info({ id: lib.correlationId() }, 'handled');
    response.send(lib.correlationId());
  });
  app.get('/work', async (_request, response) => {
    await lib.span('outer', () => lib.span('inner', () => new Promise((resolve) => setImmediate(resolve))));
    response.send('worked');
  });
  app.get('/wait/:ms', (request, response) => {
    setTimeout(() => response.send('waited'), Number(request.params.ms));
  });
  app.get('/never', () => {});
  app.get('/begun', (_request, response) => response.write('begun'));
  app.post('/echo', express.raw({ type: () => true, limit: '20mb' }), (request, response) =>
    response.send(request.body),
  );
  app.post('/json', express.json({ limit: '20mb' }), (request, response) => response.json(request.body));
  app.get('/flag/:key', (request, response) => response.json(lib.flags.details(request.params.key, false)));
  app.get('/throw', () => {
    throw new Error('thrown by the handler');
  });
  app.get('/deep', () => {
    const down = () => down() + 1;
    down();
  });
  app.post('/nested', express.text({ type: () => true, limit: '20mb' }), (request, response) => {
    const depth = (value) => (Array.isArray(value) ? 1 + (value.length > 0 ? depth(value[0]) : 0) : 0);
    response.send(String(depth(JSON.parse(request.body))));
  });
  app.use((error, _request, response, next) => {
    if (response.headersSent) return next(error);
    response.status(500).send(error.name);
  });
  return app;
}

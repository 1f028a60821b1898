import Fastify from 'fastify';
import { log, observe } from 'fourlights';
import { goldenSignals } from 'fourlights/fastify';

const { admin } = observe({ service: 'fastify-example' });

const app = Fastify();
app.register(goldenSignals());
app.get('/users/:id', (request) => {
  if (request.params.id === '0') throw new RangeError('there is no user 0');
  log.info({ user_id: request.params.id, token: 'abc' }, 'user_read');
  return { id: request.params.id };
});
await app.listen({ port: Number(process.env.PORT ?? 3000) });
log.info({ port: app.server.address().port, admin: await admin.port }, 'listening');

import 'reflect-metadata';
import { Controller, Get, Module, Param } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { afterEach, expect, test } from 'vitest';
import { goldenSignals } from '../../src/adapters/express.js';
import { listen, observing, request, stopAll } from '../http/harness.js';

class UsersController {
  read(id: string): object {
    if (id === '0') throw new RangeError('there is no user 0');
    return { id };
  }
}
class AppModule {}

// As decorators do it, which the tests' compiler does not have.
Controller('users')(UsersController);
Get(':id')(UsersController.prototype, 'read', Object.getOwnPropertyDescriptor(UsersController.prototype, 'read') ?? {});
Param('id')(UsersController.prototype, 'read', 0);
Module({ controllers: [UsersController] })(AppModule);

const application = () => NestFactory.create(AppModule, { logger: false });
type Application = Awaited<ReturnType<typeof application>>;

afterEach(stopAll);

/** Route and status of one user and of one that fails. */
async function routesOf(auto: boolean, prefix: string, prepare: (app: Application) => void): Promise<unknown> {
  const { recorded } = observing({ http: { auto } });
  const app = await application();
  prepare(app);
  await app.init();
  const port = await listen(app.getHttpServer());
  for (const id of ['7', '0']) await request(port, `${prefix}/users/${id}`);
  return (await recorded(2)).map(({ route, status }) => [route, status]);
}

const mounted = (app: Application): unknown => app.use(goldenSignals());

test.each([
  ['without a middleware', true, () => {}],
  ['with it', true, mounted],
  ['with it alone', false, mounted],
])('NestJS %s: a route is its template', async (_how, auto, prepare) => {
  expect(await routesOf(auto, '', prepare)).toEqual([
    ['/users/:id', 200],
    ['/users/:id', 500],
  ]);
});

test('NestJS with a global prefix: it is part of the template', async () => {
  expect(await routesOf(true, '/v1', (app) => app.setGlobalPrefix('v1'))).toEqual([
    ['/v1/users/:id', 200],
    ['/v1/users/:id', 500],
  ]);
});

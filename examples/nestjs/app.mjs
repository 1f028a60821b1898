import 'reflect-metadata';
import { Controller, Get, Module, Param } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { log, observe } from 'fourlights';

const { admin } = observe({ service: 'nestjs-example' });

class UsersController {
  read(id) {
    if (id === '0') throw new RangeError('there is no user 0');
    log.info({ user_id: id, token: 'abc' }, 'user_read');
    return { id };
  }
}
class AppModule {}

// JavaScript has no decorators yet; in TypeScript these lines are `@Controller('users')`, `@Get(':id')` and `@Param('id')`.
Controller('users')(UsersController);
Get(':id')(UsersController.prototype, 'read', Object.getOwnPropertyDescriptor(UsersController.prototype, 'read'));
Param('id')(UsersController.prototype, 'read', 0);
Module({ controllers: [UsersController] })(AppModule);

const app = await NestFactory.create(AppModule, { logger: false });
await app.listen(process.env.PORT ?? 3000);
log.info({ port: app.getHttpServer().address().port, admin: await admin.port }, 'listening');

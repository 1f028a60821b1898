// What is asked of each example for a framework: a user, one that cannot be had, and a path that nobody serves.
import { Service } from './service.mjs';

/** @param {URL} program */
export async function users(program) {
  const service = new Service(program);
  try {
    await service.get('/users/7', { 'x-correlation-id': 'order-7' });
    await service.get('/users/0');
    await service.get('/wp-login.php');
    const { routes } = await service.api('routes');
    console.log(`ended by ${await service.stop()}`);
    for (const { method, route, count, errors } of routes) {
      console.log(`${method} ${route}: ${count} requests, ${errors} errors`);
    }
  } finally {
    await service.stop();
  }
}

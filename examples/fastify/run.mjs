import { users } from '../support/users.mjs';

await users(new URL('app.mjs', import.meta.url));

// A flag for a quarter of all users, then for a half, then killed: the document is changed while the service runs.
import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Service } from '../support/service.mjs';

const USERS = 200;
const folder = await mkdtemp(join(tmpdir(), 'fourlights-flags-'));
const file = join(folder, 'flags.json');
const document = JSON.parse(await readFile(new URL('flags.json', import.meta.url), 'utf8'));

/** As a deployment tool does it: never half a file. */
async function publish(percent) {
  document.flags.new_checkout.rollout = percent;
  await writeFile(`${file}.next`, JSON.stringify(document));
  await rename(`${file}.next`, file);
}

await publish(25);
const service = new Service(new URL('app.mjs', import.meta.url), { FLAGS_FILE: file });

async function usersWithNew() {
  const answers = await Promise.all(Array.from({ length: USERS }, (_, user) => service.get(`/carts/user-${user}`)));
  return answers.filter(({ text }) => text === 'new').length;
}

try {
  const before = await usersWithNew();
  console.log(`rollout 25: ${before} of ${USERS} users have the new checkout`);
  await publish(50);
  let after = before;
  for (let tries = 0; after <= before && tries < 100; tries++) after = await usersWithNew();
  console.log(`rollout 50: ${after} of ${USERS} users`);
  await service.get('/kill');
  console.log(`killed:     ${await usersWithNew()} of ${USERS} users`);
  const [flag] = (await service.api('flags')).flags;
  for (const { variant, total, errors } of flag.variants) {
    console.log(`variant ${variant}: ${total} requests, ${errors} errors`);
  }
} finally {
  console.log(`ended by ${await service.stop()}`);
  await rm(folder, { recursive: true });
}

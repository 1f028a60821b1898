import { bundled } from '../../harness/bundle.mjs';
import { document, FLAGS } from './document.mjs';

const EXPORTS = [
  "{ FlagClient } from './src/flags/client.ts'",
  "{ memory } from './src/flags/sources/memory.ts'",
  "{ Context, store } from './src/context/store.ts'",
];
const identity = { correlationId: 'c', traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) };

/** The library's three ways to ask. @param {string} source repository it is built from */
export async function fourlights(source) {
  const { FlagClient, memory, Context, store } = await bundled(EXPORTS, source);
  const load = (count) => new FlagClient().start({ sources: [memory(document(count))] });
  const client = load(3);
  const handles = Object.fromEntries(FLAGS.map((key) => [key, client.handle(key, false)]));
  const check = (key, user) => client.boolean(key, false, user);
  return {
    byKey: { check, load },
    byHandle: { check: (key, user) => handles[key].on(user) },
    inRequest: { check, within: (work) => store.run(new Context(identity, undefined), work) },
  };
}

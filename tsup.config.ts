import { defineConfig, type Options } from 'tsup';
import { pageForEsbuild } from './page.build.mjs';

const library = { entry: { index: 'src/index.ts', register: 'src/register.ts' } };
const adapters = {
  entry: {
    express: 'src/adapters/express.ts',
    koa: 'src/adapters/koa.ts',
    fastify: 'src/adapters/fastify.ts',
    cls: 'src/adapters/cls.ts',
    launchdarkly: 'src/adapters/launchdarkly.ts',
    unleash: 'src/adapters/unleash.ts',
    openfeature: 'src/adapters/openfeature.ts',
    redis: 'src/adapters/redis.ts',
    testing: 'src/testing/index.ts',
  },
};
const all = { entry: { ...library.entry, ...adapters.entry } };

const common: Options = {
  target: 'node20',
  esbuildOptions: (options) => {
    options.logOverride = { 'empty-import-meta': 'silent' }; // core/load.ts knows what to do without
  },
  esbuildPlugins: [pageForEsbuild],
};

/**
 * CommonJS entries are built whole: tsup splits them by a tool that rewrites `??` and `?.` into closures, on the hot path too. As ES
 * modules the adapters are whole as well: what they share with the library is little, its state goes by `core/slot`, and split off
 * it would be a file for each set of entries, half a millisecond of CPU each at the library's start.
 */
export default defineConfig([
  { ...common, ...library, format: 'esm', splitting: true, dts: all },
  { ...common, ...adapters, format: 'esm', splitting: false },
  { ...common, ...all, format: 'cjs', splitting: false, dts: true },
  {
    ...{ ...common, entry: { cli: 'src/cli/fourlights.ts' }, format: 'esm', splitting: true },
    // 11 MB as a package, of which the dashboard needs a thirtieth; its licence is in licenses/.
    noExternal: [/^@grafana\//],
    esbuildOptions: (options) => {
      options.minifyWhitespace = true;
      options.minifySyntax = true;
    },
  },
]);

import { defineConfig, type Options } from 'tsup';
import { pageForEsbuild } from './page.build.mjs';

const common: Options = {
  entry: {
    index: 'src/index.ts',
    register: 'src/register.ts',
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
  target: 'node20',
  esbuildOptions: (options) => {
    options.logOverride = { 'empty-import-meta': 'silent' }; // core/load.ts knows what to do without
  },
  esbuildPlugins: [pageForEsbuild],
};

/** CommonJS entries are built whole: tsup splits them by a tool that rewrites `??` and `?.` into closures, on the hot path too. */
export default defineConfig([
  { ...common, format: 'esm', splitting: true, dts: true },
  { ...common, format: 'cjs', splitting: false, dts: true },
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

import { defineConfig } from 'tsup';

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    register: 'src/register.ts',
    express: 'src/adapters/express.ts',
    koa: 'src/adapters/koa.ts',
    testing: 'src/testing/index.ts',
  },
  format: ['esm', 'cjs'],
  target: 'node20',
  splitting: true,
  dts: true,
  clean: true,
  sourcemap: false,
});

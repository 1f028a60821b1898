import { defineConfig } from 'vitest/config';

/** `unit`: manual clock, no sockets. `http`: real servers and processes on the source. `package`: the built package. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: [
            'test/{core,context,signals,saturation,logs,traces,config,testing,http-unit}/**/*.test.ts',
            'test/*.test.ts',
          ],
          exclude: ['test/traces/export/**', 'test/traces/exporters/sigv4.test.ts'],
        },
      },
      {
        test: {
          name: 'http',
          include: ['test/{http,adapters,traces/export}/**/*.test.ts', 'test/traces/exporters/sigv4.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'package',
          include: ['test/{package,examples}/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});

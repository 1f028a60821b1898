import { defineConfig } from 'vitest/config';

/** `unit`: manual clock, no sockets. `http`: real servers and processes on the source. `package`: the built package. `real`: servers of others. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: [
            'test/{core,context,signals,saturation,logs,traces,flags,config,testing,http-unit}/**/*.test.ts',
            'test/*.test.ts',
          ],
          exclude: ['test/traces/export/**', 'test/flags/sources/**', 'test/flags/process/**'],
        },
      },
      {
        test: {
          name: 'http',
          include: ['test/{http,adapters,traces/export,flags/sources,flags/process}/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'real',
          include: ['test/real/**/*.test.ts'],
          testTimeout: 600_000,
          hookTimeout: 600_000,
          fileParallelism: false,
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

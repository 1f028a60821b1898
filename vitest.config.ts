import { defineConfig } from 'vitest/config';
import { pageForVite } from './page.build.mjs';

/** Of the rooms below, what needs sockets or processes. */
const sockets = [
  'test/traces/export/**/*.test.ts',
  'test/traces/exporters/sigv4.test.ts',
  'test/metrics/live/**/*.test.ts',
  'test/alerts/live/**/*.test.ts',
  'test/saturation/pools/**/*.test.ts',
  'test/flags/{sources,process}/**/*.test.ts',
  'test/admin/live/**/*.test.ts',
  'test/lifecycle/drain*.test.ts',
  'test/verdict/handler*.test.ts',
  'test/rollouts/live/**/*.test.ts',
];

/** `unit`: manual clock, no sockets. `http`: real servers and processes on the source. `real`: servers of others, where they are installed. `package`: the built package, on this Node. `faults`: what may go wrong, done to services on it. `matrix`: the package as strangers use it, on all Nodes. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: [
            'test/{core,context,signals,saturation,metrics,logs,traces,flags,alerts,config,docs,testing,http-unit,admin,lifecycle,verdict,rollouts,parts}/**/*.test.ts',
            'test/*.test.ts',
          ],
          exclude: sockets,
          testTimeout: 60_000, // a busy machine is no failure
        },
      },
      {
        plugins: [pageForVite],
        test: {
          name: 'http',
          include: ['test/{http,adapters}/**/*.test.ts', ...sockets],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        plugins: [pageForVite],
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
          include: ['test/{package,examples,cli,migrations}/**/*.test.ts', 'test/matrix/{here,first-minutes}.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
      {
        plugins: [pageForVite],
        test: {
          name: 'faults',
          include: ['test/faults/**/*.test.ts'],
          globalSetup: 'test/faults/report/write.ts',
          testTimeout: 1_800_000,
          fileParallelism: false,
        },
      },
      {
        test: { name: 'matrix', include: ['test/matrix/nodes.test.ts'], testTimeout: 600_000, hookTimeout: 600_000 },
      },
    ],
  },
});

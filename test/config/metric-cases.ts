import type { Cases } from './trace-cases.js';

export const metricCases: Record<string, Cases> = {
  'metrics.otlp': { right: [true, false], wrong: [['yes', '"yes"']] },
  'metrics.include': { right: [{}, []], wrong: [['register', '"register"']] },
  'metrics.buckets': {
    right: [[], [0.3, 2]],
    wrong: [
      [[0], '[0]'],
      [0.3, '0.3'],
    ],
  },
  'admin.port': {
    right: [0, 9464, 65_535],
    wrong: [
      [-1, '-1'],
      [80.5, '80.5'],
      ['80a', '"80a"'],
      [65_536, '65536'],
    ],
  },
  'admin.host': { right: ['0.0.0.0', '::'], wrong: [['', '""']] },
  'admin.token': { right: ['0123456789abcdef'], wrong: [['short', '"short"']] },
  'admin.otlp': { right: [true, false], wrong: [['yes', '"yes"']] },
  'admin.authorize': { right: [() => true], wrong: [[true, 'true']] },
};

/** Values of an option that are right, and values that are wrong with how they are shown. */
export interface Cases {
  readonly right: unknown[];
  readonly wrong: [unknown, string][];
}

export const traceCases: Record<string, Cases> = {
  'traces.exporter': {
    right: ['otlp', 'zipkin', 'xray', 'console', 'memory', 'none', { export: () => {} }],
    wrong: [
      ['jaeger', '"jaeger"'],
      ['toString', '"toString"'],
      [{}, '{}'],
    ],
  },
  'traces.endpoint': {
    right: ['http://a:4318', 'https://a.example/v1/traces'],
    wrong: [
      ['a:4318', '"a:4318"'],
      ['ftp://a', '"ftp://a"'],
    ],
  },
  'traces.headers': { right: [{}, { 'x-key': 'k' }], wrong: [[{ a: 1 }, '{"a":1}']] },
  'traces.protocol': { right: ['http/json', 'http/protobuf'], wrong: [['grpc', '"grpc"']] },
  'traces.compression': { right: ['gzip', 'none'], wrong: [['br', '"br"']] },
  'traces.timeoutMs': { right: [1, 10_000], wrong: [[0, '0']] },
  'traces.region': { right: ['eu-central-1'], wrong: [['', '""']] },
  'traces.credentials': {
    right: [async () => ({}), { accessKeyId: 'a', secretAccessKey: 'b' }],
    wrong: [[{ accessKeyId: 'a' }, '{"accessKeyId":"a"}']],
  },
  'traces.ratio': {
    right: [0, 0.01, 1],
    wrong: [
      [1.1, '1.1'],
      ['1', '"1"'],
    ],
  },
  'traces.keep.errors': { right: [true, false], wrong: [['yes', '"yes"']] },
  'traces.keep.slowerThan': {
    right: ['p95', 0, 250],
    wrong: [
      ['p99', '"p99"'],
      [-1, '-1'],
    ],
  },
  'traces.propagators': {
    right: [[], ['tracecontext', 'baggage', 'b3', 'b3multi', 'xray']],
    wrong: [
      [['w3c'], '["w3c"]'],
      ['b3', '"b3"'],
    ],
  },
  'traces.instrumentations': { right: [[], [{}]], wrong: [[{}, '{}']] },
  'traces.ids': { right: ['random', 'xray'], wrong: [['uuid', '"uuid"']] },
};

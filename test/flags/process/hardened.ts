/** Runs before all else of the program: what an application may do to a process that cares. */
const mode = process.env['FOURLIGHTS_TEST_MODE'];

if (mode === 'frozen') {
  for (const intrinsic of [Object, Array, Map, Set, WeakMap, String, Number, Boolean, Promise, RegExp, Error, Date]) {
    Object.freeze(intrinsic);
    Object.freeze(intrinsic.prototype);
  }
  Object.freeze(Function.prototype);
}

if (mode === 'polluted') {
  const inherited = {
    plan: 'pro',
    targetingKey: 'u1',
    state: 'DISABLED',
    defaultVariant: 'on',
    targeting: { if: [true, 'on'] },
    metadata: { injected: true },
    rollout: 100,
    var: '$flagd.flagKey',
    $ref: 'x',
    $evaluators: { x: true },
    percent: 100,
  };
  for (const [key, value] of Object.entries(inherited)) {
    Object.defineProperty(Object.prototype, key, { value, enumerable: false, configurable: true, writable: true });
  }
}

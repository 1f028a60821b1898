const { writeFileSync } = require('node:fs');
const { Session } = require('node:inspector');

const kinds = {
  cpu: ['Profiler.enable', 'Profiler.setSamplingInterval', 'Profiler.start', 'Profiler.stop'],
  heap: ['HeapProfiler.enable', null, 'HeapProfiler.startSampling', 'HeapProfiler.stopSampling'],
};
const SAMPLE_US = { interval: 100 };
/** All that was allocated, not what is left of it. */
const EVERY_BYTE = {
  samplingInterval: 4096,
  includeObjectsCollectedByMajorGC: true,
  includeObjectsCollectedByMinorGC: true,
};
const session = new Session();
let stop;

/** @param {'cpu' | 'heap'} kind */
exports.profile = function profile(kind) {
  const [enable, interval, start, end] = kinds[kind];
  session.connect();
  session.post(enable);
  if (interval) session.post(interval, SAMPLE_US);
  session.post(start, kind === 'heap' ? EVERY_BYTE : undefined);
  stop = end;
};

/** @param {string} file where the profile is written, for Chrome's DevTools as well */
exports.profiled = (file) =>
  new Promise((resolve, reject) => {
    session.post(stop, (error, { profile }) => {
      if (error) return reject(error);
      writeFileSync(file, JSON.stringify(profile));
      resolve(file);
    });
  });

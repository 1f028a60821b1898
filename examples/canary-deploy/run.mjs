// Two versions behind a weighted proxy, real traffic, a real Prometheus, and `fourlights verdict` at the wheel:
// a bad version is taken back at 5 %, a good one goes to 100 %, and a blue-green switch loses no request.
import autocannon from 'autocannon';
import { isInstalled, Prometheus } from './prometheus.mjs';
import { WeightedProxy } from './proxy.mjs';
import { Releases } from './releases.mjs';
import { verdict } from './verdict.mjs';

const RATE = 500;
const STAGES = [5, 25];

const prometheus = new Prometheus();
const proxy = new WeightedProxy();
const releases = new Releases();
const began = performance.now();

function say(text) {
  console.log(`${((performance.now() - began) / 1000).toFixed(1).padStart(6)} s  ${text}`);
}

async function start(version, errorRatio) {
  const { port, admin } = await releases.start(version, errorRatio);
  proxy.add(version, port);
  prometheus.scrape(admin);
}

async function stop(version) {
  const { seconds, how } = await releases.stop(version);
  const { answered, failed, broken } = proxy.versions.get(version);
  say(
    `${version} has drained in ${seconds} s (${how}); it answered ${answered}, ${failed} with errors; connections broken: ${broken}`,
  );
}

/** True when the candidate has all of the traffic; the other one is stopped either way. */
async function canary(baseline, candidate, errorRatio) {
  say(`canary: ${candidate} beside ${baseline}`);
  await start(candidate, errorRatio);
  for (const stage of STAGES) {
    proxy.split({ [candidate]: stage, [baseline]: 100 - stage });
    say(`${candidate} has ${stage} % of the traffic`);
    const code = await verdict({ prometheus: prometheus.url, baseline, candidate });
    if (code === 0) continue;
    proxy.split({ [baseline]: 100 });
    say(`${candidate} is taken back at ${stage} % (verdict: ${code})`);
    await stop(candidate);
    return false;
  }
  proxy.split({ [candidate]: 100 });
  say(`${candidate} has 100 % of the traffic`);
  await stop(baseline);
  return true;
}

/** Green is started and ready before it gets anything; blue drains once it gets nothing any more. */
async function blueGreen(blue, green) {
  say(`blue-green: from ${blue} to ${green}`);
  await start(green);
  proxy.split({ [green]: 100 });
  say(`${green} has 100 % of the traffic`);
  await stop(blue);
}

async function main() {
  await prometheus.start();
  const url = await proxy.listen();
  await start('1.4.1');
  proxy.split({ '1.4.1': 100 });
  const traffic = autocannon({ url, connections: 20, overallRate: RATE, duration: 3600 });
  say(`1.4.1 has 100 % of the traffic, ${RATE} requests a second`);

  const bad = await canary('1.4.1', '1.5.0', 0.1);
  const good = await canary('1.4.1', '1.5.1');
  if (good) await blueGreen('1.5.1', '1.6.0');

  traffic.stop();
  const { errors, timeouts, non2xx, requests } = await traffic;
  const of = [...proxy.versions.values()];
  const failed = proxy.versions.get('1.5.0').failed;
  const broken = of.reduce((sum, version) => sum + version.broken, 0);
  say(
    `${requests.total} requests; ${failed} errors of the bad version; lost: ${errors + timeouts + broken + non2xx - failed}`,
  );
  return !bad && good && errors + timeouts + broken + non2xx === failed ? 0 : 1;
}

async function end() {
  proxy.close();
  await releases.stopAll();
  await prometheus.stop();
}

if (!isInstalled()) {
  console.log(
    "This example needs a Prometheus: apt-get install prometheus (Debian's package; it is not started as a service here).",
  );
  process.exit(0);
}
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void end().then(() => process.exit(1)));
try {
  process.exitCode = await main();
} finally {
  await end();
}

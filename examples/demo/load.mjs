import { setTimeout as delay } from 'node:timers/promises';
import autocannon from 'autocannon';

const USERS = 60;
/** autocannon sends each second's share at its start: several that start one after the other make an even stream. */
const CANNONS = 8;
/** autocannon needs an end: one later than any demo's. */
const LONGEST_SECONDS = 20 * 24 * 3600;

/**
 * Sends requests for several users to the gateway, at a fixed rate, until stopped.
 * @param {string} url
 * @param {number} requestsPerSecond a multiple of 8
 */
export function startLoad(url, requestsPerSecond) {
  const stopping = new AbortController();
  const cannons = Array.from({ length: CANNONS }, (_, index) => fire(url, requestsPerSecond, index, stopping.signal));
  return {
    /** @returns {Promise<number>} how many answers came */
    async stop() {
      stopping.abort();
      const answers = await Promise.all(cannons);
      return answers.reduce((sum, count) => sum + count, 0);
    },
  };
}

async function fire(url, requestsPerSecond, index, signal) {
  const started = await delay((1000 / CANNONS) * index, true, { signal }).catch(() => false);
  if (!started) return 0;
  const cannon = autocannon({
    url,
    requests: requestsFrom(index * 7),
    connections: 1,
    overallRate: requestsPerSecond / CANNONS,
    duration: LONGEST_SECONDS,
    sampleInt: 100, // it looks this often whether to stop
  });
  signal.addEventListener('abort', () => cannon.stop());
  const { requests } = await cannon;
  return requests.total;
}

/** Every fourth request is for a profile, the others for the home page; each cannon begins with another user. */
function requestsFrom(first) {
  return Array.from({ length: USERS }, (_, step) => {
    const user = 1 + ((first + step * 11) % USERS);
    return { path: step % 4 === 3 ? `/profile/${user}` : `/home/${user}` };
  });
}

import { afterEach, expect, test } from 'vitest';
import { get, Load, type Member, Service, samples } from './service.js';

let service: Service | undefined;

afterEach(async () => {
  await service?.stop();
  service = undefined;
});

/** Looks at the metrics all the time: how long each look took, and which counter ever fell. */
class Watch {
  readonly ms: number[] = [];
  readonly fallen: string[] = [];
  readonly failed: number[] = [];
  last = new Map<string, number>();
  #on = true;
  readonly #done: Promise<void>;

  constructor(port: number) {
    this.#done = this.#look(port);
  }

  /** Requests that this worker has answered, by the metrics. */
  count(name: string): number {
    return this.last.get(countOf(name)) ?? 0;
  }

  async until(what: () => boolean): Promise<void> {
    for (let tries = 0; tries < 1000 && !what(); tries++) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(what(), what.toString()).toBe(true);
  }

  async stop(): Promise<void> {
    this.#on = false;
    await this.#done;
  }

  async #look(port: number): Promise<void> {
    while (this.#on) {
      const { body, ms, status } = await get(port, '/metrics');
      this.ms.push(ms);
      if (status !== 200) this.failed.push(status);
      const now = samples(body.toString());
      for (const [name, value] of this.last) {
        if (/_(total|bucket|count|sum)(\{|$)/.test(name) && !((now.get(name) ?? -1) >= value)) this.fallen.push(name);
      }
      this.last = now;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

const countOf = (name: string): string =>
  `http_server_request_duration_seconds_count{http_request_method="GET",http_route="/${name}",http_response_status_code="200"}`;

test('a cluster with a worker that is stopped and others that are killed: nothing falls, nothing waits, sums are those of the load', async () => {
  service = new Service();
  const [primary, one, two, three, four] = (await service.start({ workers: 4, reportMs: 200 })) as [
    Member,
    Member,
    Member,
    Member,
    Member,
  ];
  const watch = new Watch(primary.port);
  const loads = [one, two, three, four].map(({ port }) => new Load(port, 4)) as [Load, Load, Load, Load];
  await watch.until(() => [one, two, three, four].every(({ name }) => watch.count(name) >= 50));

  // Killed with no warning, after its last report; its numbers stay.
  await loads[2].stop();
  await watch.until(() => watch.count(three.name) === loads[2].answered);
  process.kill(three.pid, 'SIGKILL');
  // Told to end, before its next report: what it has counted goes out first.
  await loads[3].stop();
  process.kill(four.pid, 'SIGTERM');
  // Stopped in the middle of its requests: neither answers nor dies.
  process.kill(two.pid, 'SIGSTOP');
  const looks = watch.ms.length;
  await watch.until(() => watch.ms.length > looks + 40);
  expect(watch.last.get('fourlights_cluster_processes')).toBe(3); // the primary, one and two
  expect(watch.last.get('fourlights_cluster_report_age_seconds')).toBeGreaterThan(0.5);

  process.kill(two.pid, 'SIGCONT');
  await Promise.all([loads[0].stop(), loads[1].stop()]);
  const answered = new Map([one, two, three, four].map(({ name }, i) => [name, loads[i]?.answered]));
  await watch.until(() => [...answered].every(([name, count]) => watch.count(name) === count));

  // A worker that is asked has the primary answer: only that one knows of the dead.
  const asked = samples((await get(one.port, '/metrics')).body.toString());
  for (const [name, count] of answered) expect(asked.get(countOf(name)), name).toBe(count);

  await watch.stop();
  expect(watch.fallen).toEqual([]);
  expect(watch.failed).toEqual([]);
  const sorted = watch.ms.toSorted((a, b) => a - b);
  const at = (share: number): string => (sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(1);
  console.log(`${sorted.length} scrapes during this: median ${at(0.5)} ms, p99 ${at(0.99)} ms, max ${at(1 - 1e-9)} ms`);
  // Who waits for the stopped worker waits until it goes on, a second and more.
  expect(sorted.at(-1)).toBeLessThan(1000);
});

// Single figures out of what the rooms have measured on one line of Node; `undefined` for what was not measured.
export const service = (rooms, name) => rooms.service?.rows[name];
export const part = (rooms, name) => rooms.parts?.rows[name]?.ns;
/** Without the loop around it, which hands out the value. */
export function net(rooms, name) {
  const [gross, loop] = [part(rooms, name), part(rooms, 'nothing: the loop itself')];
  if (!gross || !loop) return undefined;
  const less = (ns) => Math.max(0, ns - loop.median);
  return { median: less(gross.median), min: less(gross.min), max: less(gross.max) };
}
export const scraped = (rooms, size) =>
  rooms.scrape?.rows.find((row) => row.size === size && row.name === 'fourlights')?.ms;
export const flag = (rooms, key) => rooms.flags?.rows['fourlights, by key'].ns[key];
/** Of all checks, the one that allocates most. */
export const flagBytes = (rooms) =>
  rooms.flags && Math.max(...Object.values(rooms.flags.rows['fourlights, by key'].bytes));

/** Below it the load generator, or other work on the machine, was the limit, and requests/s says nothing of the server. */
const SATURATED = 0.85;

/** Requests/s beside bare; where the server was not kept busy, what its CPU per request would allow. */
export function throughput(rooms, name) {
  const [own, bare] = [service(rooms, name), service(rooms, 'bare')];
  if (!own || !bare) return undefined;
  if (Math.min(own.busy.median, bare.busy.median) >= SATURATED) return own.rpsRatio;
  const { median, min, max } = own.cpuRatio;
  return { median: 1 / median, min: 1 / max, max: 1 / min, note: 'by CPU, as the server was not kept busy' };
}

/** Figures of a short run say nothing about what takes long. */
export const long = ({ rows, ...rest }) => (rows.at(-1).requests >= 1e6 ? rest : undefined);
export const urls = (rooms) => (rooms.scrape?.urls.count >= 1e6 ? rooms.scrape.urls : undefined);

/** Least and most of several ratios: what is to be flat. */
export function farthest(rows) {
  const far = rows?.map(({ ratio }) => ratio.median).sort((a, b) => Math.abs(b - 1) - Math.abs(a - 1))[0];
  return far === undefined ? undefined : Math.abs(far - 1);
}

/** Added CPU beside that on Express, so that 1 or less is the goal. */
export function beside(rooms, name) {
  const [own, express] = [service(rooms, name), service(rooms, 'everything')];
  return own && express && own.addedUs.median / express.addedUs.median;
}

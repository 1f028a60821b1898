import type { AlertRow } from '../admin/api/alerts.js';
import type { Snapshot } from '../admin/api/snapshot.js';
import type { RouteRow } from '../admin/figures.js';
import type { Colour, Light } from '../admin/lights.js';
import { age, count, percent, rate, seconds } from '../admin/page/client/format.js';
import { plainLine } from '../core/plain.js';

export interface Paper {
  readonly columns: number;
  readonly rows: number;
  readonly coloured: boolean;
}

const CODES: Readonly<Record<Colour, number>> = { green: 32, amber: 33, red: 31, unknown: 90 };
const SIGNS: Readonly<Record<Colour, string>> = { green: '✓', amber: '!', red: '✕', unknown: '?' };
const SHOWN = { seconds, 'per second': rate, ratio: percent } as const;
const UNITS = { seconds: '', 'per second': ' req/s', ratio: '' } as const;

/** `colour`: a light's sign stands before the text. */
interface Line {
  readonly colour?: Colour;
  readonly text: string;
}

/** One look at a service, as lines of text: the same figures, written the same way, as on its page. */
export function topScreen(snapshot: Snapshot, paper: Paper): string {
  const { service, version, environment, instance, uptime, window, lights, alerts, routes } = snapshot;
  const head = `${service} ${version} (${environment})  instance ${instance}  up ${age(uptime * 1000)}  last ${window} s`;
  const above: Line[] = [{ text: head }, { text: '' }, ...lights.flatMap(lightLines), ...texts(alertLines(alerts))];
  const room = Math.max(3, paper.rows - above.length - 4);
  const lines = [...above, ...texts(['', ...routeLines(routes.slice(0, room), paper)])];
  if (routes.length > room) lines.push({ text: `... ${routes.length - room} more routes` });
  return `${lines.map((each) => written(each, paper)).join('\n')}\n`;
}

function texts(all: readonly string[]): Line[] {
  return all.map((text) => ({ text }));
}

function lightLines({ name, colour, value, unit, of, rule, action }: Light): Line[] {
  const figure = `${SHOWN[unit](value)}${UNITS[unit]}`.padStart(12);
  const first = { colour, text: `${name.padEnd(10)} ${figure}  ${of}` };
  return colour === 'amber' || colour === 'red' ? [first, { text: `    ${rule}. ${action}` }] : [first];
}

function alertLines(alerts: readonly AlertRow[]): string[] {
  if (alerts.length === 0) return [];
  const lines = alerts.map(
    ({ state, severity, name, key }) => `  ${state.padEnd(10)} ${severity.padEnd(8)} ${name} ${key}`,
  );
  return ['', 'Alerts', ...lines];
}

function routeLines(routes: readonly RouteRow[], { columns }: Paper): string[] {
  const figures = (row: readonly string[]): string => row.map((text) => text.padStart(9)).join('');
  const width = Math.max(20, Math.min(60, columns - 56));
  const heading = `${'Route'.padEnd(width)}${figures(['req/s', 'p50', 'p95', 'p99', 'samples', 'errors'])}`;
  const rows = routes.map(({ method, route, perSecond, p50, p95, p99, count: samples, errorRatio }) => {
    const name = cut(plainLine(`${method} ${route}`), width - 1).padEnd(width);
    return (
      name + figures([rate(perSecond), seconds(p50), seconds(p95), seconds(p99), count(samples), percent(errorRatio)])
    );
  });
  return [heading, ...rows];
}

/** What a client has sent may hold what a terminal would obey. To the width of the terminal, which a colour takes nothing of. */
function written({ colour, text }: Line, { columns, coloured }: Paper): string {
  if (colour === undefined) return cut(plainLine(text), columns);
  const sign = coloured ? `\u001b[${CODES[colour]}m${SIGNS[colour]}\u001b[0m` : SIGNS[colour];
  return `${sign} ${cut(plainLine(text), columns - 2)}`;
}

function cut(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, Math.max(0, width - 1))}…` : text;
}

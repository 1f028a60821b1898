// What every variant must have done for the requests it answered; one that did less has no figures.
import { open } from 'node:fs/promises';

export async function checkFirst(url, parts) {
  const response = await fetch(`${url}/api/users/42`, { signal: AbortSignal.timeout(5_000) });
  const body = await response.json();
  if (response.status !== 200 || body.id !== '42') throw new Error(`answered ${response.status} to the first request`);
  for (const { header } of parts) {
    if (header && !response.headers.get(header)) throw new Error(`no ${header} on the response`);
  }
}

export function checkLoad({ ok, failed }) {
  if (ok === 0 || failed > 0) throw new Error(`${failed} requests failed, ${ok} were answered with 2xx`);
}

/** @param {{ answered: number, recorded: number[], ledgers: any[], spans: Record<string, number>, log: string }} work */
export async function checkWork(parts, { answered, recorded, ledgers, spans, log }) {
  for (const count of recorded) {
    if (count !== answered) throw new Error(`${answered} requests answered, ${count} in the metrics`);
  }
  const lines = parts.some((part) => part.log) ? await accessLines(log) : answered;
  if (lines !== answered) throw new Error(`${answered} requests answered, ${lines} access-log lines`);

  // A batch processor may drop under load, and the table says how many came; none at all means it was never wired.
  const scopes = parts.flatMap((part) => part.scopes ?? []);
  for (const scope of scopes) if (!spans[scope]) throw new Error(`no span of ${scope} reached the sink`);
  for (const { ended, delivered } of ledgers) {
    if (ended !== answered) throw new Error(`${answered} requests answered, ${ended} spans in the ledger`);
    const received = spans[scopes[0]];
    if (delivered !== received) throw new Error(`${delivered} spans sent by the ledger, ${received} received`);
  }
}

async function accessLines(file) {
  const handle = await open(file);
  let lines = 0;
  for await (const line of handle.readLines()) if (line.includes('/api/users')) lines++;
  return lines;
}

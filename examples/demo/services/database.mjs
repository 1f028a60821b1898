import { performance } from 'node:perf_hooks';
import { PGlite } from '@electric-sql/pglite';
import { log, span } from 'fourlights';

/** A real PostgreSQL, compiled to WebAssembly, inside of this process and in memory. It opens in a few seconds. */
const database = await PGlite.create();
await database.exec(`
  CREATE TABLE users (id integer PRIMARY KEY, name text NOT NULL, plan text NOT NULL);
  INSERT INTO users SELECT n, 'user ' || n, CASE n % 3 WHEN 0 THEN 'paid' ELSE 'free' END FROM generate_series(1, 1000) AS n;
`);

const databaseLog = log.module('database');

/** A database in a server of its own would have its spans from OpenTelemetry's instrumentation of the driver. */
const SELECT = { attributes: { 'db.system.name': 'postgresql', 'db.operation.name': 'SELECT' } };

/** @param {number} id */
export async function userById(id) {
  const started = performance.now();
  const { rows } = await span('SELECT users', SELECT, () =>
    database.query('SELECT id, name, plan FROM users WHERE id = $1', [id]),
  );
  databaseLog.info({ table: 'users', rows: rows.length, duration_ms: performance.now() - started }, 'query_done');
  return rows[0];
}

export function closeDatabase() {
  return database.close();
}

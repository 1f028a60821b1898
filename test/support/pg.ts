import { createRequire } from 'node:module';

/** What the tests use of pg, which brings no types. */
export interface PgPool {
  readonly totalCount: number;
  readonly idleCount: number;
  readonly waitingCount: number;
  query(text: string): Promise<{ rows: Record<string, unknown>[] }>;
  end(): Promise<void>;
}

export const { Pool } = createRequire(import.meta.url)('pg') as { Pool: new (options: object) => PgPool };

import http from 'node:http';
import { createRequire } from 'node:module';
import net, { type Socket } from 'node:net';
import { PGlite } from '@electric-sql/pglite';
import { DataTypes, type Model, Sequelize } from 'sequelize';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bridge, type ClsModule, engine } from '../../src/adapters/cls.js';
import type { Namespace } from '../../src/adapters/cls-namespace.js';
import { correlationId } from '../../src/context/carrier.js';
import { listen, observing, request, stopAll } from '../http/harness.js';

interface Cls extends ClsModule {
  createNamespace(name: string): Namespace;
}

/** One mode per process: `cls-sequelize-engine` asks for the other. */
const mode = process.env['CLS_MODE'] ?? 'bridge';

function install(): { readonly namespace: Namespace; undo(): void } {
  const cls: Cls = createRequire(import.meta.url)('cls-hooked');
  if (mode === 'engine') {
    const undo = engine(cls);
    return { namespace: cls.createNamespace('sequelize'), undo };
  }
  const namespace = cls.createNamespace('sequelize');
  return { namespace, undo: bridge(namespace) };
}

/** A real PostgreSQL behind its own protocol, so that the real driver and the real pool do the work. One session. */
function postgres(database: PGlite): net.Server {
  return net.createServer((socket: Socket) => {
    let waiting = Buffer.alloc(0);
    let started = false;
    let turn = Promise.resolve();
    const answer = async (messages: Buffer): Promise<void> => {
      if (messages[0] === TERMINATE) socket.end();
      else socket.write(await database.execProtocolRaw(messages));
    };
    socket.on('error', () => {});
    socket.on('data', (chunk: Buffer) => {
      waiting = Buffer.concat([waiting, chunk]);
      const end = endOfMessages(waiting, started);
      if (end === 0) return;
      started = true;
      const messages = waiting.subarray(0, end);
      waiting = waiting.subarray(end);
      turn = turn.then(() => answer(messages));
    });
  });
}

const TERMINATE = 'X'.charCodeAt(0);

/** Each message is a type, which the first one of a session lacks, and a length that counts itself. */
function endOfMessages(bytes: Buffer, started: boolean): number {
  let end = 0;
  for (let type = started ? 1 : 0; end + type + 4 <= bytes.length; type = 1) {
    const next = end + type + bytes.readUInt32BE(end + type);
    if (next > bytes.length) break;
    end = next;
  }
  return end;
}

interface Item extends Model {
  readonly name: string;
}

/** What one request saw. */
interface Seen {
  readonly ids: unknown[];
  readonly ourIds: unknown[];
  readonly before: unknown;
  readonly during: unknown;
  readonly ofCreate: unknown;
  readonly after: unknown;
}

const REQUESTS = 30;
const FAILS = (name: string): boolean => Number(name.slice(1)) % 3 === 0;
const names = Array.from({ length: REQUESTS }, (_, i) => `r${i}`);

describe(`${mode} mode: managed transactions of Sequelize with useCLS`, () => {
  const seen = new Map<string, Seen>();
  const statements: string[] = [];
  let rows: string[] = [];
  let close = async (): Promise<void> => {};

  beforeAll(async () => {
    const { namespace, undo } = install();
    const database = await PGlite.create();
    const port = await listen(postgres(database));
    Sequelize.useCLS(namespace);
    // One connection: a query that has lost its transaction waits for the connection that this one holds, and fails.
    const sequelize = new Sequelize('postgres', 'postgres', 'none', {
      host: '127.0.0.1',
      port,
      dialect: 'postgres',
      pool: { max: 1, acquire: 20_000 },
      logging: (statement) => statements.push(statement),
    });
    close = async () => {
      await sequelize.close();
      undo();
      await stopAll();
      await database.close();
    };
    const items = sequelize.define<Item>('item', { name: DataTypes.TEXT }, { timestamps: false });
    await items.sync();

    async function order(): Promise<void> {
      const ids: unknown[] = [];
      const ourIds: unknown[] = [];
      const look = (): void => {
        ids.push(namespace.get('correlationId'));
        ourIds.push(correlationId());
      };
      const transaction = (): unknown => namespace.get('transaction');
      const name = String(correlationId());
      const before = transaction();
      let during: unknown;
      let ofCreate: unknown;
      try {
        await sequelize.transaction(async (managed) => {
          during = transaction() === managed;
          look();
          managed.afterCommit(look);
          await items.create(
            { name: String(namespace.get('correlationId')) },
            {
              logging: (statement) => {
                look();
                statements.push(statement);
              },
            },
          );
          const [found] = await items.findAll({ where: { name } });
          ofCreate = found?.name;
          look();
          await new Promise<void>((resolve) =>
            setTimeout(
              namespace.bind(() => resolve()),
              1,
            ),
          );
          await sequelize.query('SELECT 1');
          look();
          if (FAILS(name)) throw new Error('on purpose');
        });
      } catch (failure) {
        if (!(failure instanceof Error) || failure.message !== 'on purpose') throw failure;
        look();
      }
      seen.set(name, { ids, ourIds, before, during, ofCreate, after: transaction() });
    }

    observing({ log: { accessLog: false } });
    const server = http.createServer((_request, response) => {
      order().then(
        () => response.end(),
        (failure: unknown) => response.writeHead(500).end(String(failure)),
      );
    });
    const serverPort = await listen(server);
    const answers = await Promise.all(
      names.map((name) => request(serverPort, '/', { headers: { 'x-correlation-id': name } })),
    );
    expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
    rows = (await items.findAll()).map(({ name }) => name);
  });
  afterAll(() => close());

  test('the transaction is in the namespace inside, and there only', () => {
    expect([...seen.keys()].sort()).toEqual([...names].sort());
    for (const { before, during, after } of seen.values()) {
      expect([before, during, after]).toEqual([undefined, true, undefined]);
    }
  });

  test('queries inside run in the transaction without being told', () => {
    const inserts = statements.filter((statement) => statement.includes('INSERT INTO'));
    const transactions = inserts.map((statement) => /^Executing \((?!default)([^)]+)\)/.exec(statement)?.[1]);

    expect(new Set(transactions).size).toBe(REQUESTS);
    for (const id of transactions) {
      const own = statements.filter((statement) => statement.startsWith(`Executing (${id})`)).map(verb);
      expect(own).toEqual(['START', 'INSERT', 'SELECT', 'SELECT', expect.stringMatching(/^(COMMIT|ROLLBACK)$/)]);
    }
    expect([...seen].filter(([name, { ofCreate }]) => name !== ofCreate)).toEqual([]);
  });

  test('what failed is rolled back and what did not is there', () => {
    expect(rows.sort()).toEqual(names.filter((name) => !FAILS(name)).sort());
  });

  test('no ID is wrong inside, in the statement log, after the commit and in the failure', () => {
    for (const [name, { ids, ourIds }] of seen) {
      const places = Array(5).fill(name);
      expect([ids, ourIds]).toEqual([places, places]);
    }
  });
});

function verb(statement: string): string | undefined {
  return /: ([A-Z]+)/.exec(statement)?.[1];
}

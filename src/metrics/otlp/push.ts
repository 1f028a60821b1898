import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { unobserved } from '../../context/unobserved.js';
import { after } from '../../core/after.js';
import type { Clock } from '../../core/clock.js';
import { diagnostics, messageOf } from '../../core/diagnostics.js';
import { HttpPost } from '../../traces/export/http-post.js';
import { noAnswer, resultOf } from '../../traces/export/http-result.js';
import { flushOnSignal } from '../../traces/export/on-signal.js';
import type { SendResult } from '../../traces/export/span-sender.js';
import { partialSuccess } from '../../traces/exporters/otlp-reply.js';
import { Deltas } from '../deltas.js';
import type { Family, Labels } from '../family.js';
import { encodeJson, encodeProtobuf } from './protobuf.js';
import { metricsRequest } from './request.js';
import type { PushSettings } from './settings.js';

export interface PushSource {
  readonly clock: Clock;
  readonly families: () => readonly Family[] | Promise<readonly Family[]>;
  readonly resource: Labels;
  readonly scope: { readonly name: string; readonly version: string };
}

const formats = {
  'http/json': { encode: encodeJson, contentType: 'application/json' },
  'http/protobuf': { encode: encodeProtobuf, contentType: 'application/x-protobuf' },
} as const;

const compress = promisify(gzip);
/** How long a process that is ending waits for its metrics. */
const LAST_MS = 1500;

/**
 * Posts all metrics over OTLP/HTTP from one timer, which keeps no process alive. Of our own, as the SDK's serializers
 * write no exemplars. What does not arrive is in the next push: totals are totals, and a difference is taken since the
 * last push that was accepted.
 */
export class MetricsPush {
  readonly #settings: PushSettings;
  readonly #source: PushSource;
  readonly #http: HttpPost;
  readonly #deltas = new Deltas();
  readonly #startMs: number;
  #acceptedMs: number;
  readonly #undo: (() => void)[] = [];
  #underWay: Promise<void> | undefined;

  constructor(settings: PushSettings, source: PushSource) {
    this.#settings = settings;
    this.#source = source;
    this.#http = new HttpPost(settings.otlp.endpoint, settings.otlp.tls);
    this.#startMs = source.clock.now();
    this.#acceptedMs = this.#startMs;
  }

  start(): void {
    const atTheEnd = (): void => void this.#last(LAST_MS);
    process.once('beforeExit', atTheEnd);
    this.#undo.push(
      this.#source.clock.every(this.#settings.intervalMs, () => void this.flush()),
      flushOnSignal({ flush: (timeoutMs) => this.#last(timeoutMs) }),
      () => process.off('beforeExit', atTheEnd),
    );
  }

  /** Pushes now, or waits for the push that is under way. Never rejects; what goes wrong is told. */
  flush(timeoutMs: number = this.#settings.otlp.timeoutMs): Promise<void> {
    this.#underWay ??= this.#push(timeoutMs)
      .catch((cause) => this.#lost(messageOf(cause)))
      .finally(() => {
        this.#underWay = undefined;
      });
    return this.#underWay;
  }

  /** The last push, within that time. */
  async stop(timeoutMs: number): Promise<void> {
    for (const undo of this.#undo.splice(0)) undo();
    await this.#last(timeoutMs);
    this.#http.close();
  }

  /** All that there is until now. Keeps the process alive until then, as all else here does not. */
  async #last(timeoutMs: number): Promise<void> {
    const hold = setInterval(() => {}, 60_000);
    await this.#underWay;
    await this.flush(Math.min(timeoutMs, this.#settings.otlp.timeoutMs));
    clearInterval(hold);
  }

  async #push(timeoutMs: number): Promise<void> {
    const { clock, families, resource, scope } = this.#source;
    const { temporality, histograms, otlp } = this.#settings;
    const nowMs = clock.now();
    const all = await families();
    if (all.length === 0) return;
    const delta = temporality === 'delta';
    const request = metricsRequest(delta ? this.#deltas.since(all) : all, {
      ...{ resource, scope, temporality, histograms, nowMs },
      startMs: delta ? this.#acceptedMs : this.#startMs,
      exemplarsAfterMs: this.#acceptedMs,
    });
    const result = await this.#send(formats[otlp.protocol].encode(request), timeoutMs);
    if (result.status !== 'accepted') {
      this.#lost(result.reason);
      return;
    }
    this.#deltas.commit();
    this.#acceptedMs = nowMs;
    const sent = all.reduce((points, family) => points + family.points.length, 0);
    const rejected = Math.min(result.rejected, sent); // a receiver may say anything
    if (rejected > 0) this.#refused(rejected, result.reason ?? '');
  }

  async #send(plain: Buffer, timeoutMs: number): Promise<SendResult> {
    const { protocol, headers, gzip: zipped } = this.#settings.otlp;
    const controller = new AbortController();
    const { clock } = this.#source;
    const late = (): void => controller.abort(new Error(`no answer within ${timeoutMs} ms`));
    const cancel = after(clock, Math.max(1, timeoutMs), late);
    try {
      const body = zipped ? await compress(plain) : plain;
      const encoding = zipped ? { 'content-encoding': 'gzip' } : {};
      const all = { ...headers, 'content-type': formats[protocol].contentType, ...encoding };
      const reply = await unobserved(() => this.#http.post(body, all, controller.signal));
      const result = resultOf(reply, clock.now());
      if (result.status !== 'accepted') return result;
      const { rejected, message } = partialSuccess(reply.body, protocol);
      return { status: 'accepted', rejected, reason: message };
    } catch (cause) {
      return noAnswer(cause);
    } finally {
      cancel();
    }
  }

  #lost(reason: string): void {
    diagnostics.drop('metrics', 'export_failed');
    const { shown } = this.#settings.otlp.endpoint;
    diagnostics.warn('metrics export', `metrics did not reach ${shown}: ${reason}. The next push has all of them.`);
  }

  #refused(points: number, message: string): void {
    diagnostics.drop('metrics', 'points_refused', points);
    const { shown } = this.#settings.otlp.endpoint;
    diagnostics.warn('metrics refused', `${shown} refused ${points} points: ${message || 'no reason given'}`);
  }
}

import { type Endpoint, endpoint } from '../../core/endpoint.js';
import type { Tls } from '../../core/http-request.js';
import type { QueueLimits } from '../export/limits.js';
import { address, type Environment, file, headers, isHeader, oneOf, text, whole } from './environment.js';
import type { OtlpSettings } from './otlp.js';
import { type Protocol, protocolFrom, protocolOf } from './protocol.js';
import type { AwsCredentials } from './sigv4.js';
import type { XraySettings } from './xray.js';
import type { ZipkinSettings } from './zipkin.js';

/** What code may say of an exporter; it wins over the environment. */
export interface ExporterOptions {
  /**
   * Where to. An address without a path gets that of the exporter: `/v1/traces`, `/v1/metrics`, `/api/v2/spans`.
   * @default `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT`, `OTEL_EXPORTER_OTLP_ENDPOINT`, `OTEL_EXPORTER_ZIPKIN_ENDPOINT`, port 4318 or 9411 of this machine
   */
  readonly endpoint?: string | undefined;
  /** Sent along: keys of a vendor. @default `OTEL_EXPORTER_OTLP_TRACES_HEADERS` over `OTEL_EXPORTER_OTLP_HEADERS`, none */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Of `otlp`. @default `OTEL_EXPORTER_OTLP_TRACES_PROTOCOL`, `OTEL_EXPORTER_OTLP_PROTOCOL`, `http/json` */
  readonly protocol?: Protocol | undefined;
  /** Of `otlp`. @default `OTEL_EXPORTER_OTLP_TRACES_COMPRESSION`, `OTEL_EXPORTER_OTLP_COMPRESSION`, `none` */
  readonly compression?: 'gzip' | 'none' | undefined;
  /** Of one attempt, ms. @default `OTEL_EXPORTER_OTLP_TRACES_TIMEOUT`, `OTEL_EXPORTER_OTLP_TIMEOUT`, `OTEL_EXPORTER_ZIPKIN_TIMEOUT`, 10000 */
  readonly timeoutMs?: number | undefined;
  /** Of AWS, for `xray`. @default `AWS_REGION`, `AWS_DEFAULT_REGION`, none: an error */
  readonly region?: string | undefined;
  /** Of AWS, for `xray`. @default `AWS_ACCESS_KEY_ID` with `AWS_SECRET_ACCESS_KEY`, AWS's own provider chain */
  readonly credentials?: AwsCredentials | (() => Promise<AwsCredentials>) | undefined;
}

const TIMEOUT_MS = 10_000;
const OTLP = 'OTEL_EXPORTER_OTLP_';
const ZIPKIN_PATH = '/api/v2/spans';

/** Each has variables of its own, which win over the common ones, and a path of its own. */
export type OtlpSignal = 'traces' | 'metrics';

const own = (signal: OtlpSignal): string => `${OTLP}${signal.toUpperCase()}_`;
const both = (name: string, signal: OtlpSignal = 'traces'): [string, string] => [own(signal) + name, OTLP + name];

export function otlpSettings(options: ExporterOptions, env: Environment, signal: OtlpSignal = 'traces'): OtlpSettings {
  return {
    endpoint: otlpEndpoint(options, env, signal),
    protocol: protocol(options.protocol, env, signal),
    headers: { ...headers(env, `${OTLP}HEADERS`), ...headers(env, `${own(signal)}HEADERS`), ...ownHeaders(options) },
    gzip: (options.compression ?? oneOf(env, ['gzip', 'none'], ...both('COMPRESSION', signal))) === 'gzip',
    timeoutMs: options.timeoutMs ?? whole(env, 1, ...both('TIMEOUT', signal)) ?? TIMEOUT_MS,
    tls: tls(env, signal),
  };
}

export function zipkinSettings(options: ExporterOptions, env: Environment): ZipkinSettings {
  return {
    endpoint:
      options.endpoint === undefined
        ? (address(env, 'OTEL_EXPORTER_ZIPKIN_ENDPOINT') ?? withPath('http://localhost:9411', ZIPKIN_PATH))
        : withPath(options.endpoint, ZIPKIN_PATH),
    headers: ownHeaders(options),
    timeoutMs: options.timeoutMs ?? whole(env, 1, 'OTEL_EXPORTER_ZIPKIN_TIMEOUT') ?? TIMEOUT_MS,
  };
}

export function xraySettings(options: ExporterOptions, env: Environment): XraySettings {
  const region = options.region ?? text(env, 'AWS_REGION', 'AWS_DEFAULT_REGION')?.value;
  if (region === undefined) throw new Error('exporter "xray" needs a region: set the option `region` or AWS_REGION');
  if (!/^[a-z0-9-]{1,40}$/.test(region))
    throw new Error(`region must be one of AWS, such as eu-central-1, got "${region}"`);
  const domain = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  return {
    endpoint: withPath(options.endpoint ?? `https://xray.${region}.${domain}`, '/v1/traces'),
    region,
    credentials: options.credentials ?? environmentCredentials(env),
    timeoutMs: options.timeoutMs ?? whole(env, 1, ...both('TIMEOUT')) ?? TIMEOUT_MS,
  };
}

/** The batch processor's variables, as far as they have a meaning here. Unset ones keep the queue's defaults. */
export function queueSettings(env: Environment): Partial<QueueLimits> {
  const found = {
    delayMs: whole(env, 1, 'OTEL_BSP_SCHEDULE_DELAY'),
    maxQueue: whole(env, 1, 'OTEL_BSP_MAX_QUEUE_SIZE'),
    maxBatch: whole(env, 1, 'OTEL_BSP_MAX_EXPORT_BATCH_SIZE'),
    deadlineMs: whole(env, 1, 'OTEL_BSP_EXPORT_TIMEOUT'),
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}

/** The signal's own address is used as it is; the common one is a base (OTLP exporter specification, "Endpoint URLs"). */
function otlpEndpoint(options: ExporterOptions, env: Environment, signal: OtlpSignal): Endpoint {
  const path = `/v1/${signal}`;
  if (options.endpoint !== undefined) return withPath(options.endpoint, path);
  const ofSignal = address(env, `${own(signal)}ENDPOINT`);
  if (ofSignal !== undefined) return ofSignal;
  const url = new URL(address(env, `${OTLP}ENDPOINT`)?.url ?? 'http://localhost:4318');
  url.pathname = `${url.pathname.replace(/\/$/, '')}${path}`;
  return endpoint(url.href, `${OTLP}ENDPOINT`);
}

function withPath(given: string, path: string): Endpoint {
  const { url } = endpoint(given, 'endpoint');
  return endpoint(url.pathname === '/' ? new URL(path, url).href : url.href, 'endpoint');
}

function protocol(given: string | undefined, env: Environment, signal: OtlpSignal): Protocol {
  if (given !== undefined) return protocolOf(given);
  return protocolFrom(env, ...both('PROTOCOL', signal)) ?? 'http/json';
}

function ownHeaders({ headers: given = {} }: ExporterOptions): Record<string, string> {
  for (const [name, value] of Object.entries(given)) {
    if (!isHeader(name, value))
      throw new Error(`headers: ${JSON.stringify(name)} is no HTTP header, or its value is none`);
  }
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name.toLowerCase(), value]));
}

function tls(env: Environment, signal: OtlpSignal): Tls {
  return {
    ca: file(env, ...both('CERTIFICATE', signal)),
    cert: file(env, ...both('CLIENT_CERTIFICATE', signal)),
    key: file(env, ...both('CLIENT_KEY', signal)),
  };
}

function environmentCredentials(env: Environment): AwsCredentials | undefined {
  const accessKeyId = text(env, 'AWS_ACCESS_KEY_ID')?.value;
  const secretAccessKey = text(env, 'AWS_SECRET_ACCESS_KEY')?.value;
  if (accessKeyId === undefined || secretAccessKey === undefined) return undefined;
  const sessionToken = text(env, 'AWS_SESSION_TOKEN')?.value;
  return { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) };
}

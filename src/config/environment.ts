import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { diagnostics } from '../core/diagnostics.js';
import { shown } from './config-error.js';
import type { ObserveOptions } from './options.js';
import type { Rule } from './rule.js';
import { schema } from './rules.js';

type Environment = Readonly<Record<string, string | undefined>>;

interface Variable {
  readonly rule: Rule;
  parse(text: string): unknown;
}

const itself = (text: string): string => text;
const list = (text: string): string[] =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
const flag = (text: string): unknown =>
  new Map([
    ['true', true],
    ['false', false],
  ]).get(text.toLowerCase()) ?? text;

/** Variables that set one option each. A wrong value is told once and the default is used: operators set these for many services. */
const variables = {
  LOG_LEVEL: { rule: schema.log.level, parse: (text: string) => text.toLowerCase() },
  FOURLIGHTS_LOG_DESTINATION: { rule: schema.log.destination, parse: itself },
  FOURLIGHTS_ACCESS_LOG: { rule: schema.log.accessLog, parse: flag },
  FOURLIGHTS_IGNORE: { rule: schema.http.ignore, parse: list },
  FOURLIGHTS_CORRELATION_HEADERS: { rule: schema.http.correlationHeaders, parse: list },
  FOURLIGHTS_PROPAGATE_TO: { rule: schema.http.propagateTo, parse: list },
  FOURLIGHTS_FLAGS_SOURCE: { rule: schema.flags.source, parse: list },
  FOURLIGHTS_FLAGS_BACKUP: { rule: schema.flags.backup, parse: itself },
  FOURLIGHTS_ADMIN_PORT: { rule: schema.admin.port, parse: Number },
  FOURLIGHTS_ADMIN_HOST: { rule: schema.admin.host, parse: itself },
  FOURLIGHTS_ADMIN_TOKEN: { rule: schema.admin.token, parse: itself },
} as const satisfies Readonly<Record<string, Variable>>;

/** What the environment says, in the shape of the options. An empty value is an unset value (OpenTelemetry specification). */
export function fromEnvironment(env: Environment): ObserveOptions {
  const resource = resourceAttributes(env['OTEL_RESOURCE_ATTRIBUTES']);
  const read = (name: keyof typeof variables): never => settingOf(env, name) as never; // its rule has accepted it
  return {
    service: set(env['OTEL_SERVICE_NAME']) ?? resource.get('service.name'),
    version: resource.get('service.version'),
    environment:
      resource.get('deployment.environment.name') ?? resource.get('deployment.environment') ?? set(env['NODE_ENV']),
    http: {
      ignore: read('FOURLIGHTS_IGNORE'),
      correlationHeaders: read('FOURLIGHTS_CORRELATION_HEADERS'),
      propagateTo: read('FOURLIGHTS_PROPAGATE_TO'),
    },
    log: {
      level: read('LOG_LEVEL'),
      destination: read('FOURLIGHTS_LOG_DESTINATION'),
      accessLog: read('FOURLIGHTS_ACCESS_LOG'),
    },
    flags: given({ source: read('FOURLIGHTS_FLAGS_SOURCE'), backup: read('FOURLIGHTS_FLAGS_BACKUP') }),
    admin: given({
      port: read('FOURLIGHTS_ADMIN_PORT'),
      host: read('FOURLIGHTS_ADMIN_HOST'),
      token: read('FOURLIGHTS_ADMIN_TOKEN'),
    }),
  };
}

/** `service.instance.id` of OTEL_RESOURCE_ATTRIBUTES, else `host:pid`. */
export function instanceOf(env: Environment): string {
  return (
    resourceAttributes(env['OTEL_RESOURCE_ATTRIBUTES']).get('service.instance.id') ?? `${hostname()}:${process.pid}`
  );
}

/** Without what is not set: a key that is there but `undefined` would hide a default. */
export function given<T extends object>(options: T | undefined): Partial<T> {
  return Object.fromEntries(Object.entries(options ?? {}).filter(([, value]) => value !== undefined)) as Partial<T>;
}

function settingOf(env: Environment, name: keyof typeof variables): unknown {
  const text = set(env[name]);
  if (text === undefined) return undefined;
  const { rule, parse } = variables[name];
  const value = parse(text);
  if (rule.accepts(value)) return value;
  diagnostics.warn(
    `environment ${name}`,
    `${name} must be ${rule.expects}, got ${name.endsWith('TOKEN') ? 'something else' : shown(text)}; using the default`,
  );
  return undefined;
}

function set(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === '' ? undefined : text.trim();
}

/** `key=value,key=value` with percent-encoded values (OpenTelemetry resource SDK specification). */
function resourceAttributes(text: string | undefined): Map<string, string> {
  const attributes = new Map<string, string>();
  for (const member of list(text ?? '')) {
    const equals = member.indexOf('=');
    const value = equals > 0 ? decoded(member.slice(equals + 1).trim()) : undefined;
    if (value === undefined) {
      diagnostics.warn(
        'environment OTEL_RESOURCE_ATTRIBUTES',
        `OTEL_RESOURCE_ATTRIBUTES: ignoring ${shown(member)}, expected key=value`,
      );
    } else if (value !== '') {
      attributes.set(member.slice(0, equals).trim(), value);
    }
  }
  return attributes;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

interface PackageJson {
  readonly name?: string;
  readonly version?: string;
}

/**
 * The package.json nearest to the program that was started; empty when there is none, or none that can be read. One
 * without a name only marks the kind of the modules beside it.
 */
export function nearestPackage(program: string | undefined): PackageJson {
  let folder = program === undefined ? process.cwd() : dirname(program);
  for (let up = 0; up < 20; up++) {
    const found = readPackage(join(folder, 'package.json'));
    if (found?.name !== undefined) return found;
    const parent = dirname(folder);
    if (parent === folder) break;
    folder = parent;
  }
  return {};
}

function readPackage(path: string): PackageJson | undefined {
  try {
    const { name, version } = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
    return { ...(typeof name === 'string' && { name }), ...(typeof version === 'string' && { version }) };
  } catch {
    return undefined;
  }
}

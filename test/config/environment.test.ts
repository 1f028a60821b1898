import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fromEnvironment, nearestPackage } from '../../src/config/environment.js';
import { hearing } from '../support/ledger.js';

const notices = hearing();

const NOTHING = {
  service: undefined,
  version: undefined,
  environment: undefined,
  http: { ignore: undefined, correlationHeaders: undefined, propagateTo: undefined },
  log: { level: undefined, destination: undefined, accessLog: undefined },
  flags: {},
  admin: {},
};

test('an empty environment sets nothing and tells nothing', () => {
  expect(fromEnvironment({})).toEqual(NOTHING);
  expect(notices).toEqual([]);
});

test('a variable that is empty or blank is not set', () => {
  const names = [
    'LOG_LEVEL',
    'OTEL_SERVICE_NAME',
    'NODE_ENV',
    'FOURLIGHTS_IGNORE',
    'FOURLIGHTS_ACCESS_LOG',
    'OTEL_RESOURCE_ATTRIBUTES',
  ];
  for (const blank of ['', '   '])
    expect(fromEnvironment(Object.fromEntries(names.map((name) => [name, blank])))).toEqual(NOTHING);
  expect(notices).toEqual([]);
});

describe('a variable', () => {
  test.each([
    ['LOG_LEVEL', 'DEBUG', { log: { level: 'debug' } }],
    ['LOG_LEVEL', ' warn ', { log: { level: 'warn' } }],
    ['FOURLIGHTS_LOG_DESTINATION', '/var/log/app.log', { log: { destination: '/var/log/app.log' } }],
    ['FOURLIGHTS_ACCESS_LOG', 'false', { log: { accessLog: false } }],
    ['FOURLIGHTS_ACCESS_LOG', 'TRUE', { log: { accessLog: true } }],
    ['FOURLIGHTS_IGNORE', '/livez, /assets/* ,', { http: { ignore: ['/livez', '/assets/*'] } }],
    ['FOURLIGHTS_CORRELATION_HEADERS', 'x-tenant,x-id', { http: { correlationHeaders: ['x-tenant', 'x-id'] } }],
    ['FOURLIGHTS_PROPAGATE_TO', 'api,db', { http: { propagateTo: ['api', 'db'] } }],
    ['OTEL_SERVICE_NAME', 'shop', { service: 'shop' }],
    ['NODE_ENV', 'production', { environment: 'production' }],
  ])('%s=%s is read', (name, value, expected) => {
    expect(fromEnvironment({ [name]: value })).toMatchObject(expected);
    expect(notices).toEqual([]);
  });

  test.each([
    ['LOG_LEVEL', 'loud', 'one of trace, debug, info, warn, error, fatal, silent'],
    ['LOG_LEVEL', 'toString', 'one of trace'],
    ['FOURLIGHTS_ACCESS_LOG', 'yes', 'true, false or'],
    ['FOURLIGHTS_ACCESS_LOG', 'constructor', 'true, false or'],
    ['FOURLIGHTS_ACCESS_LOG', '__proto__', 'true, false or'],
    ['FOURLIGHTS_IGNORE', 'livez', 'a list of paths'],
    ['FOURLIGHTS_CORRELATION_HEADERS', 'x id', 'a list of at least one header name'],
    ['FOURLIGHTS_CORRELATION_HEADERS', ',', 'a list of at least one header name'],
  ])('%s=%s is told once, and the default is used', (name, value, expects) => {
    expect(fromEnvironment({ [name]: value })).toEqual(NOTHING);
    expect(notices).toHaveLength(1);
    expect(notices[0]?.code).toBe(`environment ${name}`);
    expect(notices[0]?.message).toContain(`${name} must be ${expects}`);
    expect(notices[0]?.message).toContain(`got "${value}"; using the default`);
  });

  test('that is wrong does not keep the others from being read, and each is told', () => {
    const options = fromEnvironment({ LOG_LEVEL: 'loud', FOURLIGHTS_IGNORE: 'livez', FOURLIGHTS_ACCESS_LOG: 'false' });
    expect(options).toMatchObject({ log: { level: undefined, accessLog: false }, http: { ignore: undefined } });
    expect(notices.map(({ code }) => code).sort()).toEqual(['environment FOURLIGHTS_IGNORE', 'environment LOG_LEVEL']);
  });
});

describe('OTEL_RESOURCE_ATTRIBUTES', () => {
  const read = (text: string, others = {}) => {
    const { service, version, environment } = fromEnvironment({ OTEL_RESOURCE_ATTRIBUTES: text, ...others });
    return { service, version, environment };
  };

  test('names service, version and environment', () => {
    expect(read('service.name=shop,service.version=1.2,deployment.environment.name=prod,host.name=h')).toEqual({
      service: 'shop',
      version: '1.2',
      environment: 'prod',
    });
  });

  test.each([
    ['blanks around keys, values and members', ' service.name = shop , service.version=1 ,'],
    ['percent-encoded values', 'service.name=%73hop,service.version=1'],
  ])('may have %s', (_name, text) => {
    expect(read(text)).toMatchObject({ service: 'shop', version: '1' });
    expect(notices).toEqual([]);
  });

  test('a value may hold encoded commas and equals signs, and plain equals signs', () => {
    expect(read('service.name=a%2Cb%3Dc,service.version=x=y').service).toBe('a,b=c');
    expect(read('service.name=a,service.version=x=y').version).toBe('x=y');
  });

  test('the older name of the environment counts where the newer is missing', () => {
    expect(read('deployment.environment=old').environment).toBe('old');
    expect(read('deployment.environment=old,deployment.environment.name=new').environment).toBe('new');
  });

  test('wins over NODE_ENV, and OTEL_SERVICE_NAME wins over it', () => {
    const text = 'service.name=resource,deployment.environment.name=prod';
    expect(read(text, { OTEL_SERVICE_NAME: 'own', NODE_ENV: 'test' })).toMatchObject({
      service: 'own',
      environment: 'prod',
    });
  });

  test.each(['nonsense', '=value', 'service.name=%E0%A4%A'])(
    'a member %j is told and passed over, and the others are read',
    (member) => {
      expect(read(`${member},service.version=1`)).toEqual({ service: undefined, version: '1', environment: undefined });
      expect(notices).toHaveLength(1);
      expect(notices[0]?.message).toContain(JSON.stringify(member));
    },
  );

  test('an empty value sets nothing, and odd keys do no harm', () => {
    expect(read('service.name=,__proto__=a,constructor=b')).toMatchObject({ service: undefined });
    expect(notices).toEqual([]);
  });
});

describe('the nearest package.json', () => {
  let root = '';
  const file = (path: string, text: string): void => {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'fourlights-package-'));
    file('app/package.json', '{"name":"shop","version":"1.2.3"}');
    file('app/dist/cjs/package.json', '{"type":"commonjs"}');
    file('app/broken/package.json', '{"name":');
    file('app/odd/package.json', '{"name":7,"version":["1"]}');
    file('app/plain/package.json', '{"name":"plain"}');
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  test.each([
    ['beside the program', 'app/server.js', { name: 'shop', version: '1.2.3' }],
    ['further up', 'app/a/b/c/server.js', { name: 'shop', version: '1.2.3' }],
    ['not one that only marks the kind of its modules', 'app/dist/cjs/server.js', { name: 'shop', version: '1.2.3' }],
    ['not one that cannot be read', 'app/broken/server.js', { name: 'shop', version: '1.2.3' }],
    ['not one whose name is no text', 'app/odd/server.js', { name: 'shop', version: '1.2.3' }],
    ['also one without a version', 'app/plain/server.js', { name: 'plain' }],
  ])('is the one %s', (_name, program, expected) => {
    expect(nearestPackage(join(root, program))).toEqual(expected);
  });

  test('of no program is that of the working directory', () => {
    expect(nearestPackage(undefined).name).toBe('fourlights');
  });

  test('may not be there at all', () => {
    expect(nearestPackage('/no/such/place/server.js')).toEqual({});
  });
});

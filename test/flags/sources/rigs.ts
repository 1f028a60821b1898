import { closeSync, ftruncateSync, mkdirSync, mkdtempSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../../../src/core/clock.js';
import type { Source } from '../../../src/flags/source.js';
import { environment } from '../../../src/flags/sources/environment.js';
import { memory } from '../../../src/flags/sources/memory.js';
import { type SourceForm, sourceOf } from '../../../src/flags/sources/sources.js';
import { type BehaviourName, behaviours, FlagService } from './flag-service.js';
import { documentOf } from './recording-sink.js';

/** One source with the place that it reads, and what can go wrong there. */
export interface Rig {
  readonly source: Source;
  readonly faults: readonly string[];
  fault(name: string): void | Promise<void>;
  /** All is well there again, with this document. */
  provide(text: string): void | Promise<void>;
  /** It is read when it is started, and not again. */
  readonly readOnce?: boolean;
  /** What no name may show. */
  readonly secrets: readonly string[];
  readonly service?: FlagService;
  close(): void | Promise<void>;
}

const texts: Readonly<Record<string, string>> = {
  garbage: '\u0000<html>{"flags":',
  '{}': '{}',
  'half JSON': documentOf('ENABLED').slice(0, 40),
};

function folder(): string {
  return mkdtempSync(join(tmpdir(), 'fourlights-flags-'));
}

/** As deployments do it: written beside, then put in its place. */
export function replaceFile(path: string, text: string): void {
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
}

function fileRig(clock: Clock): Rig {
  const at = folder();
  const path = join(at, 'flags.json');
  const remove = (): void => rmSync(path, { recursive: true, force: true });
  const huge = (): void => {
    const fd = openSync(path, 'w');
    ftruncateSync(fd, 200 << 20);
    closeSync(fd);
  };
  const special: Readonly<Record<string, () => void>> = {
    'goes away': remove,
    'a folder in its place': () => {
      remove();
      mkdirSync(path);
    },
    '200 MB': huge,
    'bytes that are no text': () => writeFileSync(path, Buffer.from([0x7b, 0xff, 0xfe])),
  };
  return {
    source: sourceOf(path, clock),
    faults: [...Object.keys(texts), ...Object.keys(special)],
    fault: (name) => (special[name] ?? (() => replaceFile(path, texts[name] ?? '')))(),
    provide: (text) => {
      remove();
      replaceFile(path, text);
    },
    secrets: [],
    close: () => rmSync(at, { recursive: true }),
  };
}

async function serviceRig(clock: Clock, form: string): Promise<Rig> {
  const service = await new FlagService().listen();
  const elsewhere = await new FlagService().listen();
  service.elsewhere = elsewhere.url;
  const url = new URL(service.url);
  url.username = 'us3r';
  url.password = 'pa55';
  url.search = '?key=s3cret';
  return {
    source: sourceOf(`${form}${url.href.slice('http'.length)}`, clock),
    faults: ['refused', ...Object.keys(behaviours).filter((name) => name !== 'ok')],
    fault: (name) => (name === 'refused' ? service.close() : service.behave(name as BehaviourName)),
    provide: async (text) => {
      service.text = text;
      await service.close();
      await service.listen();
      service.behave('ok');
    },
    secrets: ['us3r', 'pa55', 's3cret'],
    service,
    close: async () => {
      await service.close();
      if (elsewhere.requests.length > 0) throw new Error('a redirect to elsewhere was followed');
      await elsewhere.close();
    },
  };
}

function environmentRig(): Rig {
  const variables: Record<string, string> = {};
  return {
    source: environment(variables),
    faults: Object.keys(texts),
    fault: (name) => {
      variables['FOURLIGHTS_FLAGS'] = texts[name] ?? '';
    },
    provide: (text) => {
      variables['FOURLIGHTS_FLAGS'] = text;
    },
    readOnce: true,
    secrets: [],
    close: () => {},
  };
}

function memoryRig(): Rig {
  const source = memory();
  return {
    source,
    faults: [...Object.keys(texts), 'fails'],
    fault: (name) => (name === 'fails' ? source.fail('it is down') : void source.set(texts[name] ?? '')),
    provide: (text) => void source.set(text),
    secrets: [],
    close: () => {},
  };
}

/** Every line of the table has one; `https` is `http` with a certificate, which has a test of its own. */
export const rigs: Readonly<
  Record<Exclude<SourceForm, 'https' | 'sse+https'> | 'memory', (clock: Clock) => Rig | Promise<Rig>>
> = {
  file: fileRig,
  http: (clock) => serviceRig(clock, 'http'),
  'sse+http': (clock) => serviceRig(clock, 'sse+http'),
  env: environmentRig,
  memory: memoryRig,
};

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const hasPromtool = spawnSync('promtool', ['--version']).status === 0;

export interface Judgement {
  readonly ok: boolean;
  /** All that promtool has said. */
  readonly text: string;
}

/** What `promtool check rules` says of a file with this text. */
export function checkRules(rules: string): Judgement {
  return inFolder((folder) => {
    writeFileSync(join(folder, 'rules.yml'), rules);
    return promtool(folder, 'check', 'rules', 'rules.yml');
  });
}

/** What `promtool test rules` says; the test names its rules `rules.yml`. */
export function testRules(rules: string, tests: string): Judgement {
  return inFolder((folder) => {
    writeFileSync(join(folder, 'rules.yml'), rules);
    writeFileSync(join(folder, 'rules.test.yml'), tests);
    return promtool(folder, 'test', 'rules', 'rules.test.yml');
  });
}

/** What `promtool check config` says of a configuration, beside the files that it names. */
export function checkConfig(config: string, files: Readonly<Record<string, string>>): Judgement {
  return inFolder((folder) => {
    for (const [name, text] of Object.entries({ ...files, 'prometheus.yml': config })) {
      writeFileSync(join(folder, name), text);
    }
    return promtool(folder, 'check', 'config', 'prometheus.yml');
  });
}

function inFolder(work: (folder: string) => Judgement): Judgement {
  const folder = mkdtempSync(join(tmpdir(), 'fourlights-promtool-'));
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function promtool(cwd: string, ...args: string[]): Judgement {
  const { status, stdout, stderr } = spawnSync('promtool', args, { cwd, encoding: 'utf8' });
  return { ok: status === 0, text: `${stdout}${stderr}` };
}

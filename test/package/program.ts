import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Program {
  readonly child: ChildProcess;
  readonly ended: Promise<Ending>;
}

export interface ProgramOptions {
  readonly type?: 'module' | 'commonjs';
  readonly nodeOptions?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

const LIMIT_MS = 20_000;

/** Starts `code` as a program inside this package, where `fourlights` is the built package itself. */
export function start(code: string, { type = 'module', nodeOptions = [], env = {} }: ProgramOptions = {}): Program {
  const args = [...nodeOptions, `--input-type=${type}`, '--eval', code];
  const child = spawn(process.execPath, args, { cwd: root, env: { ...process.env, ...env }, stdio: 'pipe' });
  const limit = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS);
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const ended = new Promise<Ending>((resolve) => {
    child.on('close', (exitCode, signal) => {
      clearTimeout(limit);
      resolve({ code: exitCode, signal, stdout, stderr });
    });
  });
  return { child, ended };
}

export function run(code: string, options?: ProgramOptions): Promise<Ending> {
  return start(code, options).ended;
}

export function jsonLines(text: string): Record<string, unknown>[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line));
}

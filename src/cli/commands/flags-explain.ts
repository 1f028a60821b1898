import { messageOf } from '../../core/diagnostics.js';
import { plain } from '../../core/plain.js';
import { FlagClient } from '../../flags/client.js';
import type { EvaluationContext } from '../../flags/evaluation.js';
import type { Explanation } from '../../flags/explanation.js';
import { memory } from '../../flags/sources/memory.js';
import { command } from '../command.js';
import { exits } from '../exits.js';
import { Failure } from '../failure.js';
import { documentText, flagsIn } from '../flags-document.js';

export const flagsExplain = command({
  summary: 'Says what a flag would be for somebody, and why',
  words: ['<file>', '<flag>'],
  options: {
    key: { type: 'string', value: 'id', help: 'the targeting key: whom the check is for' },
    context: { type: 'string', value: 'json', help: 'further attributes, as a JSON object', default: '{}' },
    json: { type: 'boolean', help: 'one JSON object instead of text' },
  },
  exits: { 1: 'the fallback would serve' },
  example: 'flags explain flags.json new_checkout --key ada',
  async run({ values: { key, context, json }, words: [file = '', flag = ''], terminal }) {
    flagsIn(file); // says so if it cannot be read at all
    const source = memory(documentText(file));
    const client = new FlagClient().start({ sources: [source], allowMassRemoval: true });
    const told = client.explain(flag, { ...attributes(context), ...(key !== undefined && { targetingKey: key }) });
    await client.stop();
    terminal.out(json ? `${JSON.stringify(told)}\n` : plain(sentences(told)));
    return told.errorCode === undefined || told.variant !== undefined ? exits.ok : exits.findings;
  },
});

function attributes(text: string): EvaluationContext {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as EvaluationContext; // of JSON
  } catch (cause) {
    throw new Failure('usage', `--context must be a JSON object, got ${text.slice(0, 80)}: ${messageOf(cause)}`);
  }
  throw new Failure('usage', `--context must be a JSON object, got ${text.slice(0, 80)}`);
}

function sentences({ key, value, variant, reason, errorCode, errorMessage, rule, bucket, steps }: Explanation): string {
  const lines = [
    `${key} is ${JSON.stringify(value)}${variant === undefined ? '' : ` (variant ${variant})`}: ${reason}`,
  ];
  if (errorCode !== undefined) lines.push(`${errorCode}: ${errorMessage ?? ''}`);
  if (rule !== undefined) lines.push(`decided at ${rule}`);
  if (bucket !== undefined) lines.push(`bucket ${JSON.stringify(bucket)}`);
  for (const { path, operator, result } of steps) lines.push(`  ${path} ${operator} -> ${JSON.stringify(result)}`);
  return `${lines.join('\n')}\n`;
}

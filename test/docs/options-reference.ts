import { type Branch, isRule, type Rule } from '../../src/config/rule.js';
import { schema } from '../../src/config/rules.js';
import { type Member, membersOf } from './docstrings.js';
import { table } from './tables.js';

/** One option: its rule says what it takes, its docstring what it means and what stands in for it. */
export interface Option {
  readonly path: string;
  readonly rule: Rule;
  readonly member: Member;
}

/** A part of the options, such as `http`; the first one is of those that are in no part. */
export interface Part {
  readonly name: string;
  readonly member: Member | undefined;
  readonly options: readonly Option[];
}

/** The schema and the docstrings, joined. Throws where one has what the other has not. */
export function parts(): readonly Part[] {
  const members = membersOf('config/options.ts', 'ObserveOptions');
  sameNames('options', schema, members);
  const plain = members.filter(({ name }) => isRule(nodeOf(schema, name)));
  const branches = members.filter(({ name }) => !isRule(nodeOf(schema, name)));
  return [
    { name: 'service', member: undefined, options: optionsOf(schema, plain, '') },
    ...branches.map((member) => ({
      name: member.name,
      member,
      options: optionsOf(nodeOf(schema, member.name) as Branch, member.members(), `${member.name}.`),
    })),
  ];
}

function optionsOf(branch: Branch, members: readonly Member[], prefix: string): readonly Option[] {
  if (prefix !== '') sameNames(prefix, branch, members);
  return members.flatMap((member) => {
    const [node, path] = [nodeOf(branch, member.name), prefix + member.name];
    return isRule(node) ? [{ path, rule: node, member }] : optionsOf(node, member.members(), `${path}.`);
  });
}

function nodeOf(branch: Branch, name: string): Rule | Branch {
  const node = branch[name];
  if (node === undefined) throw new Error(`no rule for the option "${name}"`);
  return node;
}

function sameNames(where: string, branch: Branch, members: readonly Member[]): void {
  const [rules, docs] = [Object.keys(branch).sort(), members.map(({ name }) => name).sort()];
  if (rules.join() !== docs.join()) throw new Error(`${where}: rules for ${rules}; docstrings for ${docs}`);
}

const VARIABLE = /\b[A-Z]+(?:_[A-Z]+)+\b/;
/** A comma that parts two clauses: not one between backticks. */
const CLAUSE = /[,;] (?=(?:[^`]*`[^`]*`)*[^`]*$)/;

/** In a `@default` the clauses that name variables come first, what is left is the default. */
export function clauses(preset: string): { readonly variables: readonly string[]; readonly rest: string } {
  const all = preset.split(CLAUSE);
  return {
    variables: all.filter((clause) => VARIABLE.test(clause)),
    rest: all.filter((clause) => !VARIABLE.test(clause)).join('; '),
  };
}

export function optionsReference(): string {
  return parts()
    .map(({ name, member, options }) => {
      const rows = options.map(({ path, rule, member: { meaning, preset } }) => {
        const { variables, rest } = clauses(preset);
        return [`\`${path}\``, code(rule.expects), rest, variables.join(', '), meaning];
      });
      const title = member === undefined ? 'The service' : `\`${name}\``;
      return [
        `### ${title}`,
        ...(member === undefined ? [] : [member.meaning]),
        table(['option', 'takes', 'default', 'variable', 'meaning'], rows),
      ].join('\n\n');
    })
    .join('\n\n');
}

/** `<` would begin an element. */
const code = (expects: string): string => expects.replaceAll('<', '&lt;');

import { join } from 'node:path';
import ts from 'typescript';

/** What a docstring says of one member of an interface. */
export interface Member {
  readonly name: string;
  readonly meaning: string;
  /** The text of `@default`; empty where there is none. */
  readonly preset: string;
  readonly required: boolean;
  /** Of the interface that the member holds, where it holds one. */
  readonly members: () => readonly Member[];
}

const src = join(import.meta.dirname, '../../src');
const config = ts.parseConfigFileTextToJson('tsconfig.json', ts.sys.readFile(join(src, '../tsconfig.json')) ?? '');
const { options } = ts.convertCompilerOptionsFromJson(config.config.compilerOptions, join(src, '..'));

/** The options name every type that is read here, so their program knows all of these files. */
let known: ts.Program | undefined;

/** The interface or type `name` of a file under src, as the compiler reads it. */
export function membersOf(file: string, name: string): readonly Member[] {
  known ??= ts.createProgram([join(src, 'config/options.ts')], options);
  const declared = known
    .getSourceFile(join(src, file))
    ?.statements.find(
      (each) => (ts.isInterfaceDeclaration(each) || ts.isTypeAliasDeclaration(each)) && each.name.text === name,
    );
  if (declared === undefined) throw new Error(`no type ${name} in ${file}`);
  const checker = known.getTypeChecker();
  return read(checker.getTypeAtLocation(declared), checker);
}

function read(type: ts.Type, checker: ts.TypeChecker): readonly Member[] {
  return checker.getPropertiesOfType(type).map((property) => {
    const tag = property.getJsDocTags(checker).find((each) => each.name === 'default');
    return {
      name: property.name,
      meaning: onOneLine(ts.displayPartsToString(property.getDocumentationComment(checker))),
      preset: onOneLine(ts.displayPartsToString(tag?.text)),
      required: (property.flags & ts.SymbolFlags.Optional) === 0,
      members: () => read(held(checker.getTypeOfSymbol(property)), checker),
    };
  });
}

/** Without `undefined`, `false` and lists: what an object of options may hold. */
function held(type: ts.Type): ts.Type {
  const parts = type.isUnion() ? type.types : [type];
  return parts.find((part) => part.flags & ts.TypeFlags.Object && part.symbol?.name.endsWith('Options')) ?? type;
}

const onOneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();

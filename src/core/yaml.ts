import { Document, visit } from 'yaml';

/**
 * What is given, as YAML: for files that are generated, never on a running service's way. Long expressions stay on their
 * lines, several lines become a block, and nothing is shared by anchors.
 */
export function yamlText(value: unknown): string {
  const document = new Document(value, { aliasDuplicateObjects: false });
  visit(document, {
    Scalar: (_key, scalar) => {
      // A block begins where its first line does: one that begins with blanks would lose them.
      if (typeof scalar.value === 'string' && /^\s/.test(scalar.value) && scalar.value.includes('\n'))
        scalar.type = 'QUOTE_DOUBLE';
    },
  });
  return document.toString({ lineWidth: 0 });
}

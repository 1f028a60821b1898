import { stringify } from 'yaml';

/**
 * What is given, as YAML: for files that are generated, never on a running service's way. Long expressions stay on their
 * lines, several lines become a block, and nothing is shared by anchors.
 */
export function yamlText(value: unknown): string {
  return stringify(value, { lineWidth: 0, aliasDuplicateObjects: false });
}

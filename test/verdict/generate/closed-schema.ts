import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv, type ValidateFunction } from 'ajv';
import { parseAllDocuments } from 'yaml';

/** Definitions of the controllers, beside the project: not part of it. */
const folder = fileURLToPath(new URL('../../../../shared/conformance/crd/', import.meta.url));
export const present = existsSync(folder);

type Json = Readonly<Record<string, unknown>>;

/** Validates resources of that kind, and refuses keys that the definition does not have: the API server drops them in silence. */
export function validatorOf(file: string, kind: string): ValidateFunction {
  const definitions = parseAllDocuments(readFileSync(`${folder}${file}`, 'utf8')).map((one) => one.toJS());
  const definition = definitions.find(({ spec }) => spec.names.kind === kind);
  const schema = definition.spec.versions[0].schema.openAPIV3Schema;
  // `metadata` stands open in every definition: its keys are Kubernetes's own.
  const metadata = { type: 'object', properties: { name: { type: 'string' }, namespace: { type: 'string' } } };
  const whole = { ...schema, properties: { ...schema.properties, metadata } };
  return new Ajv({ strict: false, validateFormats: false, allErrors: true }).compile(closed(whole) as Json);
}

function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const inner = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]));
  const open = 'additionalProperties' in inner || inner['x-kubernetes-preserve-unknown-fields'] === true;
  const isObject = 'properties' in inner && typeof inner['properties'] === 'object' && inner['type'] === 'object';
  return isObject && !open ? { ...inner, additionalProperties: false } : inner;
}

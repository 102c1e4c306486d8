/** Validation of an object about to be stored: metadata, then the kind's own rules, or its schema. */
import type { KubeObject } from '#kube/meta/object.ts';
import { validateSchema } from '#kube/schema/validate.ts';
import { invalid } from '#kube/status/errors.ts';
import type { StatusCause } from '#kube/status/status.ts';
import type { Scope } from '../context.ts';
import type { ServedKind } from '../kinds/served.ts';
import { validateMetadata, validateMetadataUpdate } from './validate-metadata.ts';

/** Custom resources are held to their schema; built-in kinds have rules of their own, as in kube-apiserver. */
function contentCauses(
  { custom, schema, definition }: ServedKind,
  object: KubeObject,
  old?: KubeObject,
): readonly StatusCause[] {
  return custom ? validateSchema(schema, object, '', old) : (definition.native?.validate?.(object, old) ?? []);
}

function refuse(served: ServedKind, object: KubeObject, causes: readonly StatusCause[]): void {
  if (causes.length === 0) return;
  throw invalid(served.definition, object.metadata.name ?? '', withoutRepeats(causes));
}

/** The metadata rules of a native kind and ours may find the same thing. */
function withoutRepeats(causes: readonly StatusCause[]): readonly StatusCause[] {
  const seen = new Set<string>();
  return causes.filter(({ field, message }) => {
    const text = `${field}: ${message}`;
    if (seen.has(text)) return false;
    seen.add(text);
    return true;
  });
}

/** Throws Invalid. */
export function validateCreate(scope: Scope, object: KubeObject): void {
  refuse(scope.served, object, [...validateMetadata(scope.served, object), ...contentCauses(scope.served, object)]);
}

/**
 * Throws Invalid. What was invalid before and has not changed does not stand in the way of other changes to a custom
 * resource (kube-apiserver's ratcheting).
 */
export function validateUpdate(scope: Scope, object: KubeObject, old: KubeObject, withTransitions: boolean): void {
  const { served } = scope;
  const causes = [...validateMetadataUpdate(object, old)];
  const content = contentCauses(served, object, old);
  if (content.length > 0) causes.push(...(served.custom ? newCauses(content, contentCauses(served, old)) : content));
  const { native } = served.definition;
  if (withTransitions && native?.validateUpdate) causes.push(...native.validateUpdate(object, old));
  refuse(served, object, causes);
}

function newCauses(causes: readonly StatusCause[], before: readonly StatusCause[]): readonly StatusCause[] {
  const known = new Set(before.map(({ field, message }) => `${field}: ${message}`));
  return causes.filter(({ field, message }) => !known.has(`${field}: ${message}`));
}

/** Adds the kind's own warnings to the answer. */
export function warn(scope: Scope, object: KubeObject, old?: KubeObject): void {
  const texts = scope.served.definition.native?.warnings?.(object, old) ?? [];
  for (const text of texts) if (!scope.warnings.includes(text)) scope.warnings.push(text);
}

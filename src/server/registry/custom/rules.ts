/** CEL rules of custom resources: asked when everything else about an object is right. CEL is loaded with the first of them. */
import type { KubeObject } from '#kube/meta/object.ts';
import type { Schema } from '#kube/schema/schema.ts';
import { invalidValue } from '#kube/status/causes.ts';
import type { StatusCause } from '#kube/status/status.ts';

const ruled = new WeakMap<Schema, boolean>();

/** Whether any schema in it has rules. */
export function hasRules(schema: Schema): boolean {
  let has = ruled.get(schema);
  if (has === undefined) {
    // Until it is known: a schema may contain itself.
    ruled.set(schema, false);
    has =
      (schema.validations?.length ?? 0) > 0 ||
      [schema.items, schema.additionalProperties, ...Object.values(schema.properties ?? {})].some(
        (each) => each !== undefined && hasRules(each),
      );
    ruled.set(schema, has);
  }
  return has;
}

/** With these an object is too far from right for rules to be asked. */
const blocking = new Set([
  'FieldValueNotSupported',
  'FieldValueRequired',
  'FieldValueTooLong',
  'FieldValueTooMany',
  'FieldValueTypeInvalid',
]);

const notAsked = invalidValue(
  '<nil>',
  null,
  'some validation rules were not checked because the object was invalid; correct the existing errors to complete validation',
);

/** `found`: what is wrong already. What stood in the object before is told to `warn` only. */
export async function ruleCauses(
  schema: Schema,
  object: KubeObject,
  old: KubeObject | undefined,
  found: readonly StatusCause[],
  warn: (text: string) => void,
): Promise<readonly StatusCause[]> {
  if (found.some(({ reason = '' }) => blocking.has(reason))) return [notAsked];
  const { judge } = await import('../../crd/rules/judge.ts');
  const { causes, warnings } = judge(schema, object, old);
  for (const text of warnings) warn(text);
  return causes;
}

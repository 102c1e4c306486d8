/** The way into this room: a definition on its way to the store is judged. */
import { deepEqual } from '#kube/meta/equal.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import type { StatusCause } from '#kube/status/status.ts';
import type { CustomResourceDefinition } from '../definition.ts';
import { bundleError } from './bundle.ts';
import { definitionCauses as causesOf } from './definition.ts';
import { nameCauses } from './names.ts';
import { isGiven, someSchema } from './props.ts';
import type { RuleReader } from './schema.ts';

/** A spec that was found valid is valid: the server itself writes the status most. */
export async function definitionCauses(
  object: KubeObject,
  old: KubeObject | undefined,
  subresource: string,
): Promise<readonly StatusCause[]> {
  const definition = object as CustomResourceDefinition;
  const before = old as CustomResourceDefinition | undefined;
  if (subresource === 'status') return nameCauses(definition.status?.acceptedNames ?? {}, 'status.acceptedNames');
  // What the server has accepted since is not what the client asked for.
  const asked = withVersions(
    before ? definition : { ...definition, status: { ...definition.status, acceptedNames: {} } },
  );
  if (
    before &&
    deepEqual(definition.spec, before.spec) &&
    deepEqual(definition.metadata.annotations, before.metadata.annotations)
  )
    return [];
  return causesOf(asked, before, { readers: await readersFor(asked, before), bundleError });
}

/** No versions are no versions, however that is written. */
function withVersions(definition: CustomResourceDefinition): CustomResourceDefinition {
  const { spec } = definition;
  if (!spec || (spec.versions as unknown) !== null) return definition;
  const { versions: _, ...rest } = spec;
  return { ...definition, spec: rest };
}

/** Only definitions with rules load CEL. */
async function readersFor(
  { spec }: CustomResourceDefinition,
  old: CustomResourceDefinition | undefined,
): Promise<ReadonlyMap<string, RuleReader>> {
  const readers = new Map<string, RuleReader>();
  for (const { name, schema } of spec?.versions ?? []) {
    const props = schema?.openAPIV3Schema;
    if (!props || !someSchema(props, (each) => isGiven(each['x-kubernetes-validations']))) continue;
    const { ruleReader } = await import('../rules/reader.ts');
    const before = old?.spec?.versions?.find((version) => version.name === name);
    readers.set(name, ruleReader(before !== undefined && deepEqual(before.schema, schema)));
  }
  return readers;
}

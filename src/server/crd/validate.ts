/** Whether the schemas of a CustomResourceDefinition are structural; everything else about it is the kind's own validation. */
import { deepEqual } from '#kube/meta/equal.ts';
import { structuralCauses } from '#kube/openapi/structural.ts';
import { invalid } from '#kube/status/errors.ts';
import type { StatusCause } from '#kube/status/status.ts';
import { type AdmissionStep, handlesResource } from '../admission/step.ts';
import type { CustomResourceDefinition } from './definition.ts';

/** A schema all versions share is spoken of as the definition's own, as kube-apiserver's internal form has it. */
function schemaCauses({ spec = {} }: CustomResourceDefinition): readonly StatusCause[] {
  const schemas = (spec.versions ?? []).map(({ schema }) => schema?.openAPIV3Schema);
  const [first] = schemas;
  if (first && schemas.every((schema) => deepEqual(schema, first))) {
    return structuralCauses(first, 'spec.validation.openAPIV3Schema');
  }
  return schemas.flatMap((schema, index) =>
    schema ? structuralCauses(schema, `spec.versions[${index}].schema.openAPIV3Schema`) : [],
  );
}

/** After the kind's own validation; schemas that have been judged are not judged again. */
export const structuralSchemas: AdmissionStep = {
  name: 'CustomResourceDefinitionSchema',
  phase: 'validate',
  handles: handlesResource('apiextensions.k8s.io', 'customresourcedefinitions', ['CREATE', 'UPDATE']),
  review: ({ object, oldObject }) => {
    const definition = object as CustomResourceDefinition;
    if (oldObject && deepEqual(definition.spec, (oldObject as CustomResourceDefinition).spec)) return { allowed: true };
    const causes = schemaCauses(definition);
    const kind = { group: 'apiextensions.k8s.io', kind: 'CustomResourceDefinition' };
    if (causes.length > 0) throw invalid(kind, definition.metadata.name ?? '', causes);
    return { allowed: true };
  },
};

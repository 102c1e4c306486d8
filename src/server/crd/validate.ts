/** What a CustomResourceDefinition may say, in kube-apiserver's words (apiextensions validation). */
import { deepEqual } from '#kube/meta/equal.ts';
import { dns1035Label, dns1123Subdomain } from '#kube/names/validate.ts';
import { structuralCauses } from '#kube/openapi/structural.ts';
import { invalidValue, requiredValue, unsupportedValue } from '#kube/status/causes.ts';
import type { StatusCause } from '#kube/status/status.ts';
import { type CustomResourceDefinition, type DefinitionSpec, isTrue, type Names, type Version } from './definition.ts';

export function definitionCauses(definition: CustomResourceDefinition, old?: CustomResourceDefinition): readonly StatusCause[] {
  const spec = definition.spec ?? {};
  const causes: StatusCause[] = [];
  const { group = '', names = {}, scope, versions = [] } = spec;
  const wanted = `${names.plural}.${group}`;
  const { name = '' } = definition.metadata;
  if (name !== wanted) causes.push(invalidValue('metadata.name', name, 'must be spec.names.plural+"."+spec.group'));
  if (group === '') causes.push(requiredValue('spec.group'));
  else {
    for (const text of dns1123Subdomain(group)) causes.push(invalidValue('spec.group', group, text));
    if (!group.includes('.')) causes.push(invalidValue('spec.group', group, 'should be a domain with at least one dot'));
  }
  const scopes = ['Cluster', 'Namespaced'];
  if (!scope) causes.push(requiredValue('spec.scope'));
  else if (!scopes.includes(scope)) causes.push(unsupportedValue('spec.scope', scope, scopes));
  causes.push(...nameCauses(names, 'spec.names'), ...versionCauses(versions), ...schemaCauses(versions));
  if (old) causes.push(...transitionCauses(spec, old));
  return causes;
}

function nameCauses(names: Names, path: string): readonly StatusCause[] {
  const causes: StatusCause[] = [];
  const check = (field: 'plural' | 'singular' | 'kind' | 'listKind', required: boolean) => {
    const value = names[field] ?? '';
    if (value === '') {
      if (required) causes.push(requiredValue(`${path}.${field}`));
      return;
    }
    // Kinds are labels, too, once in lower case.
    for (const text of dns1035Label(value.toLowerCase())) {
      const prefix = field === 'kind' || field === 'listKind' ? 'may have mixed case, but should otherwise match: ' : '';
      causes.push(invalidValue(`${path}.${field}`, value, `${prefix}${text}`));
    }
  };
  check('plural', true);
  check('singular', false);
  check('kind', true);
  check('listKind', false);
  if (names.kind && names.kind === names.listKind) {
    causes.push(invalidValue(`${path}.listKind`, names.listKind, 'kind and listKind may not be the same'));
  }
  names.shortNames?.forEach((shortName, index) => {
    for (const text of dns1035Label(shortName)) causes.push(invalidValue(`${path}.shortNames[${index}]`, shortName, text));
  });
  return causes;
}

function versionCauses(versions: readonly Version[]): readonly StatusCause[] {
  const causes: StatusCause[] = [];
  versions.forEach(({ name }, index) => {
    for (const text of dns1035Label(name ?? '')) causes.push(invalidValue(`spec.versions[${index}].name`, name ?? '', text));
  });
  const names = versions.map(({ name }) => name);
  if (new Set(names).size < names.length) {
    causes.push(invalidValue('spec.versions', names, 'must contain unique version names'));
  }
  if (versions.filter(({ storage }) => storage).length !== 1) {
    causes.push(invalidValue('spec.versions', names, 'must have exactly one version marked as storage version'));
  }
  return causes;
}

/** A schema all versions share is spoken of as the definition's own, as kube-apiserver's internal form has it. */
function schemaCauses(versions: readonly Version[]): readonly StatusCause[] {
  const schemas = versions.map(({ schema }) => schema?.openAPIV3Schema);
  const shared = schemas.every((schema) => deepEqual(schema, schemas[0]));
  if (shared && schemas[0]) return structuralCauses(schemas[0], 'spec.validation.openAPIV3Schema');
  return schemas.flatMap((schema, index) => {
    const path = `spec.versions[${index}].schema.openAPIV3Schema`;
    return schema ? structuralCauses(schema, path) : [requiredValue(path, 'schemas are required')];
  });
}

/** Of an established definition the names by which its objects are stored stay. */
function transitionCauses(spec: DefinitionSpec, old: CustomResourceDefinition): readonly StatusCause[] {
  const before = old.spec ?? {};
  const causes: StatusCause[] = [];
  const immutable = (field: string, value: unknown, was: unknown) => {
    if (value !== was) causes.push(invalidValue(`spec.${field}`, value, 'field is immutable'));
  };
  immutable('group', spec.group, before.group);
  immutable('names.plural', spec.names?.plural, before.names?.plural);
  if (isTrue(old, 'Established')) {
    immutable('scope', spec.scope, before.scope);
    immutable('names.kind', spec.names?.kind, before.names?.kind);
  }
  const { storedVersions = [] } = old.status ?? {};
  for (const stored of storedVersions) {
    if (spec.versions?.some(({ name }) => name === stored)) continue;
    const text = 'must appear in spec.versions';
    causes.push(invalidValue(`status.storedVersions[${storedVersions.indexOf(stored)}]`, stored, text));
  }
  return causes;
}

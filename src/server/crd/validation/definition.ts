/** All that may be wrong with a CustomResourceDefinition, in upstream's words and order (apiextensions validation.go). */
import { dns1035Label } from '#kube/names/validate.ts';
import { invalidValue, requiredValue } from '#kube/status/causes.ts';
import type { StatusCause } from '#kube/status/status.ts';
import { type CustomResourceDefinition, type DefinitionSpec, isTrue } from '../definition.ts';
import { approvalCauses } from './approval.ts';
import { conversionCauses } from './conversion.ts';
import { hasUnprunedDefaults } from './defaults.ts';
import { sharedBy } from './internal.ts';
import { leniencyFor } from './leniency.ts';
import { groupCauses, nameCauses, neededNameCauses, scopeCauses } from './names.ts';
import { isGiven, isObject, someSchema } from './props.ts';
import type { RuleReader } from './schema.ts';
import { type Looking, sharedCauses, versionCauses } from './versions.ts';

export interface Judging {
  /** By version, for those whose schemas have rules. */
  readonly readers: ReadonlyMap<string, RuleReader>;
  /** What is wrong with a CA bundle (base64); undefined when nothing is. */
  readonly bundleError: (bundle: string) => string | undefined;
}

/** Beside what every object's metadata is held to. */
export function definitionCauses(
  definition: CustomResourceDefinition,
  old: CustomResourceDefinition | undefined,
  { readers, bundleError }: Judging,
): readonly StatusCause[] {
  const { spec = {} } = definition;
  const lenient = leniencyFor(definition, old, hasUnprunedDefaults, (bundle) => bundleError(bundle) !== undefined);
  const looking: Looking = { shared: sharedBy(spec), lenient, readers };
  return [
    ...(old ? [] : ownNameCauses(definition)),
    ...specCauses(spec, looking),
    ...conversionCauses(spec, lenient, bundleError),
    ...(old ? changeCauses(definition, old) : []),
    ...nameCauses(definition.status?.acceptedNames ?? {}, 'status.acceptedNames'),
    ...storedCauses(definition),
    ...approvalCauses(definition, old),
    ...preserveCauses(spec, old),
  ];
}

function ownNameCauses({ metadata, spec }: CustomResourceDefinition): readonly StatusCause[] {
  const { name = '' } = metadata;
  if (name === '' || name === `${spec?.names?.plural ?? ''}.${spec?.group ?? ''}`) return [];
  return [invalidValue('metadata.name', name, 'must be spec.names.plural+"."+spec.group')];
}

function specCauses(spec: DefinitionSpec, looking: Looking): readonly StatusCause[] {
  const { names = {}, versions = [] } = spec;
  return [
    ...groupCauses(spec),
    ...scopeCauses(spec),
    ...missingSchemaCauses(spec, looking),
    ...preservingDefaultsCauses(spec),
    ...versions.flatMap((version, index) => versionCauses(version, index, looking)),
    ...versionListCauses(spec, looking),
    ...neededNameCauses(names),
    ...nameCauses(names, 'spec.names'),
    ...sharedCauses(spec, looking),
    ...preservingConversionCauses(spec),
  ];
}

function missingSchemaCauses({ versions = [] }: DefinitionSpec, { lenient }: Looking): readonly StatusCause[] {
  return versions.flatMap(({ schema, served }, index) => {
    if (isObject(schema?.openAPIV3Schema) || (lenient.noSchema && !served)) return [];
    const detail = lenient.noSchema ? 'because otherwise all fields are pruned' : '';
    return [requiredValue(`spec.versions[${index}].schema.openAPIV3Schema`, detail)];
  });
}

function preservingDefaultsCauses({ preserveUnknownFields, versions = [] }: DefinitionSpec): readonly StatusCause[] {
  const hasDefaults = versions.some(
    ({ schema }) => schema?.openAPIV3Schema && someSchema(schema.openAPIV3Schema, (each) => isGiven(each.default)),
  );
  if (preserveUnknownFields !== true || !hasDefaults) return [];
  return [invalidValue('spec.preserveUnknownFields', true, 'must be false in order to use defaults in the schema')];
}

function versionListCauses({ versions = [] }: DefinitionSpec, { shared }: Looking): readonly StatusCause[] {
  const causes: StatusCause[] = [];
  const names = versions.map(({ name }) => name);
  const refuse = (detail: string) => causes.push(invalidValue('spec.versions', shared.shown(), detail));
  if (new Set(names).size < names.length) refuse('must contain unique version names');
  if (versions.filter(({ storage }) => storage === true).length !== 1)
    refuse('must have exactly one version marked as storage version');
  const [first = ''] = names;
  const wrong = first === '' ? [] : dns1035Label(first);
  if (wrong.length > 0) causes.push(invalidValue('spec.version', first, wrong.join(',')));
  return causes;
}

function preservingConversionCauses({ conversion, preserveUnknownFields }: DefinitionSpec): readonly StatusCause[] {
  if (preserveUnknownFields !== true || !conversion || conversion.strategy === 'None') return [];
  const detail = 'must be None if spec.preserveUnknownFields is true';
  return [invalidValue('spec.conversion.strategy', conversion.strategy ?? '', detail)];
}

const immutable = 'field is immutable';

/** Names and scope are where objects are stored. */
function changeCauses({ spec = {} }: CustomResourceDefinition, old: CustomResourceDefinition): readonly StatusCause[] {
  const before = old.spec ?? {};
  const changed = (path: string, now: unknown, was: unknown) =>
    now === was ? [] : [invalidValue(`spec.${path}`, now ?? '', immutable)];
  return [
    ...(isTrue(old, 'Established')
      ? [...changed('scope', spec.scope, before.scope), ...changed('names.kind', spec.names?.kind, before.names?.kind)]
      : []),
    ...changed('group', spec.group, before.group),
    ...changed('names.plural', spec.names?.plural, before.names?.plural),
  ];
}

function storedCauses({ spec, status }: CustomResourceDefinition): readonly StatusCause[] {
  const stored = status?.storedVersions ?? [];
  const path = 'status.storedVersions';
  if (stored.length === 0) return [invalidValue(path, null, 'must have at least one stored version')];
  const versions = spec?.versions ?? [];
  // A name that is given twice was found once.
  const missing = versions.filter(
    ({ name, storage }, index) =>
      storage === true && (!stored.includes(name) || versions.findIndex((each) => each.name === name) < index),
  );
  return [
    ...missing.map(({ name }) => invalidValue(path, stored, `must have the storage version ${name}`)),
    ...stored.flatMap((name, index) => {
      if (versions.some((version) => version.name === name)) return [];
      const detail =
        `missing from spec.versions; ${name} was previously a storage version, and must remain in spec.versions ` +
        `until a storage migration ensures no data remains persisted in ${name} and removes ${name} from ` +
        path;
      return [invalidValue(`${path}[${index}]`, name, detail)];
    }),
  ];
}

function preserveCauses(
  { preserveUnknownFields }: DefinitionSpec,
  old: CustomResourceDefinition | undefined,
): readonly StatusCause[] {
  if (preserveUnknownFields !== true || old?.spec?.preserveUnknownFields === true) return [];
  const detail =
    'cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead';
  return [invalidValue('spec.preserveUnknownFields', true, detail)];
}

/** What an update of a definition may leave as it is, because it was so before a server knew better. */
import { deepEqual } from '#kube/meta/equal.ts';
import { type CustomResourceDefinition, isTrue, type Version } from '../definition.ts';
import { keyFieldCauses, setItemCauses } from './list-marks.ts';
import { isGiven, listOf, type Props, someSchema, textOf } from './props.ts';
import { isStructural } from './structural.ts';

export interface Leniency {
  /** Versions without a schema. */
  readonly noSchema: boolean;
  readonly propertyTypes: boolean;
  readonly unstructured: boolean;
  readonly unprunedDefaults: boolean;
  /** Items of sets that are not atomic. */
  readonly setItems: boolean;
  /** Keys of keyed lists that may be missing. */
  readonly mapKeys: boolean;
  readonly reviewVersions: boolean;
  readonly caBundle: boolean;
  /** Versions with more selectable fields than there may be. */
  readonly selectableFields: ReadonlySet<string>;
  /** Versions whose schema is as it was: their rules may cost what they cost. */
  readonly unchangedSchemas: ReadonlySet<string>;
}

/** Before a definition is established its CA bundle is not looked at. */
const strict: Leniency = {
  noSchema: false,
  propertyTypes: false,
  unstructured: false,
  unprunedDefaults: false,
  setItems: false,
  mapKeys: false,
  reviewVersions: false,
  caBundle: true,
  selectableFields: new Set(),
  unchangedSchemas: new Set(),
};

export const openApiTypes = ['array', 'boolean', 'integer', 'number', 'object', 'string'];

/** More are taken only where there were more. */
export const mostSelectableFields = 8;

const schemaOf = ({ schema }: Version): Props | undefined => schema?.openAPIV3Schema;

export function leniencyFor(
  definition: CustomResourceDefinition,
  old: CustomResourceDefinition | undefined,
  hasUnprunedDefaults: (schema: Props) => boolean,
  isBadBundle: (bundle: string) => boolean,
): Leniency {
  if (!old) return strict;
  const versions = old.spec?.versions ?? [];
  const schemas = versions.map(schemaOf).filter((schema) => schema !== undefined);
  const some = (is: (each: Props) => boolean) => schemas.some((schema) => someSchema(schema, is));
  const { conversion } = old.spec ?? {};
  const reviewVersions = listOf(conversion?.webhook?.conversionReviewVersions);
  const bundle = textOf(conversion?.webhook?.clientConfig?.caBundle);
  const sameIn = (name: keyof Version) =>
    (definition.spec?.versions ?? []).filter((version) =>
      deepEqual(version[name], versions.find((each) => each.name === version.name)?.[name]),
    );
  return {
    noSchema: versions.some((version) => !schemaOf(version)),
    propertyTypes: some(({ type }) => isGiven(type) && !openApiTypes.includes(textOf(type))),
    unstructured: schemas.some((schema) => !isStructural(schema)),
    unprunedDefaults: schemas.some(hasUnprunedDefaults),
    setItems: some((each) => setItemCauses(each, '').length > 0),
    mapKeys: some((each) => keyFieldCauses(each, '').length > 0),
    reviewVersions: reviewVersions.length > 0 && !reviewVersions.some((name) => name === 'v1' || name === 'v1beta1'),
    caBundle: !isTrue(old, 'Established') || (bundle !== '' && isBadBundle(bundle)),
    selectableFields: new Set(
      sameIn('selectableFields')
        .filter(({ selectableFields = [] }) => selectableFields.length > mostSelectableFields)
        .map(({ name }) => name),
    ),
    unchangedSchemas: new Set(sameIn('schema').map(({ name }) => name)),
  };
}

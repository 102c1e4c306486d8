/** Objects inside custom resources (x-kubernetes-embedded-resource): they have apiVersion, kind and metadata as any object. */
import type { ObjectMeta } from '#kube/meta/object.ts';
import { dns1035Label } from '#kube/names/validate.ts';
import { isFields } from '#kube/schema/copy.ts';
import { decodeError } from '#kube/schema/decode.ts';
import { objectMetaSchema } from '#kube/schema/metadata.ts';
import { pathText } from '#kube/schema/path.ts';
import type { Schema } from '#kube/schema/schema.ts';
import { visitor } from '#kube/schema/visit.ts';
import { invalidValue, requiredValue } from '#kube/status/causes.ts';
import type { StatusCause } from '#kube/status/status.ts';
import { pathSegmentName } from '../kinds/traits.ts';
import { validateObjectMeta } from '../write/validate-metadata.ts';

/** What is wrong with them as objects. */
export function embeddedCauses(schema: Schema, object: unknown): readonly StatusCause[] {
  const causes: StatusCause[] = [];
  contents(schema)?.(object, [], causes);
  return causes;
}

/** What cannot even be read as the envelope of an object; the first of it. */
export function embeddedTypeError(schema: Schema, object: unknown): StatusCause | undefined {
  const causes: StatusCause[] = [];
  types(schema)?.(object, [], causes);
  return causes[0];
}

const contents = visitor((schema) =>
  schema.embeddedResource
    ? (value, trail, causes) => {
        if (isFields(value)) checkContent(value, pathText(trail), causes);
      }
    : undefined,
);

const types = visitor((schema) =>
  schema.embeddedResource
    ? (value, trail, causes) => {
        if (isFields(value)) checkTypes(value, pathText(trail), causes);
      }
    : undefined,
);

type Fields = Readonly<Record<string, unknown>>;

const child = (path: string, name: string) => (path === '' ? name : `${path}.${name}`);

function checkTypes(value: Fields, path: string, causes: StatusCause[]): void {
  for (const name of ['apiVersion', 'kind']) {
    if (value[name] !== undefined && typeof value[name] !== 'string')
      causes.push(invalidValue(child(path, name), value[name], 'must be a string'));
  }
  const wrong = value.metadata === undefined ? undefined : metadataError(value.metadata);
  if (wrong !== undefined) causes.push(invalidValue(child(path, 'metadata'), value.metadata, wrong));
}

/** What Go's decoder says of metadata; undefined where it can be read. */
export const metadataError = (metadata: unknown): string | undefined =>
  decodeError(objectMetaSchema, metadata, 'ObjectMeta')?.replace(
    /Go struct field ObjectMeta\. of type .*$/,
    'Go value of type v1.ObjectMeta',
  );

function checkContent(value: Fields, path: string, causes: StatusCause[]): void {
  const { apiVersion, kind, metadata } = value;
  for (const name of ['apiVersion', 'kind'])
    if (value[name] === undefined) causes.push(requiredValue(child(path, name)));
  if (typeof apiVersion === 'string') checkVersion(apiVersion, child(path, 'apiVersion'), causes);
  if (typeof kind === 'string') checkKind(kind, child(path, 'kind'), causes);
  if (isFields(metadata)) causes.push(...metadataCauses(metadata as ObjectMeta, child(path, 'metadata')));
}

function checkVersion(version: string, path: string, causes: StatusCause[]): void {
  if (version === '') causes.push(invalidValue(path, version, 'must not be empty'));
  else if (version.split('/').length > 2)
    causes.push(invalidValue(path, version, `unexpected GroupVersion string: ${version}`));
}

function checkKind(kind: string, path: string, causes: StatusCause[]): void {
  const wrong = kind === '' ? ['must not be empty'] : dns1035Label(kind.toLowerCase());
  if (wrong.length === 0) return;
  const prefix = kind === '' ? '' : 'may have mixed case, but should otherwise match: ';
  causes.push(invalidValue(path, kind, prefix + wrong.join(',')));
}

/** It may have no name yet, and any name that can be part of a path. */
const metadataCauses = (metadata: ObjectMeta, path: string): readonly StatusCause[] =>
  validateObjectMeta(metadata.name ? metadata : { ...metadata, name: 'fakename' }, {
    path,
    namespaced: (metadata.namespace ?? '') !== '',
    validateName: pathSegmentName,
    anyFinalizer: true,
  });

/** A kind in one of its versions, ready to be served: where it is stored, and how its stored form becomes this one. */
import type { KindDefinition } from '#kube/kind/definition.ts';
import { apiVersionOf } from '#kube/meta/kind.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { withEnvelope } from '#kube/schema/metadata.ts';
import type { Schema } from '#kube/schema/schema.ts';
import { builtinDeprecation } from './deprecations.ts';
import { type Traits, traitsOf } from './traits.ts';

/** Between the stored version and another one; both ways are pure and answer the same reference for the same object. */
export interface Conversion {
  readonly fromStorage: (stored: KubeObject) => KubeObject;
  readonly toStorage: (object: KubeObject) => KubeObject;
  /** Where another server converts: what the two above need to have been told by it. */
  readonly remote?: RemoteConversion;
  /** What was decoded in this version a moment ago, as it came to be stored: it need not be read with its schema again. */
  readonly written?: (stored: KubeObject) => KubeObject;
}

/** Both answer undefined where nothing has to be asked, and reject with what the client is to be told. */
export interface RemoteConversion {
  readonly read: (stored: readonly KubeObject[]) => Promise<void> | undefined;
  readonly write: (object: KubeObject) => Promise<void> | undefined;
}

export interface ServedKind {
  readonly definition: KindDefinition;
  readonly apiVersion: string;
  /** Of the whole object, apiVersion, kind and metadata among it. */
  readonly schema: Schema;
  /** The resource part of store keys, shared by all versions: `apps/deployments`, `pods`. */
  readonly storageResource: string;
  /** Absent when this version is the stored one. */
  readonly conversion?: Conversion;
  /** A custom resource: no native behaviour, kube-apiserver's rules for custom resources. */
  readonly custom: boolean;
  readonly traits: Traits;
  /** Writes of new objects are refused with this text (a CustomResourceDefinition that is going away). */
  readonly createRefused?: string;
  /** What refusals call it: both Event kinds go by the older one's name. */
  readonly refusedAs: { readonly group: string; readonly kind: string };
  /** What whoever uses this version is warned of. */
  readonly deprecation?: string;
  /** Whether another version names its fields as this one does, so that managedFields in it mean the same. */
  readonly alikeVersions?: (apiVersion: string | undefined) => boolean;
}

/** What only the definition of a custom resource says. */
export type Standing = Pick<ServedKind, 'createRefused' | 'deprecation' | 'alikeVersions'>;

/** Resources of the core group go by their bare name. */
export function storageName(group: string, resource: string): string {
  // One storage behind both Event kinds.
  if (group === 'events.k8s.io' && resource === 'events') return 'events';
  return group === '' ? resource : `${group}/${resource}`;
}

const customSchemas = new WeakMap<Schema, Schema>();

/** Custom resources leave the envelope to the server; shared by all servers of the process, as what is compiled from it is. */
function customSchema(schema: Schema): Schema {
  let whole = customSchemas.get(schema);
  if (whole === undefined) {
    whole = withEnvelope(schema);
    customSchemas.set(schema, whole);
  }
  return whole;
}

export function servedKind(definition: KindDefinition, conversion?: Conversion, standing: Standing = {}): ServedKind {
  const storageResource = storageName(definition.group, definition.resource);
  const custom = definition.native === undefined;
  const deprecation = custom ? undefined : builtinDeprecation(apiVersionOf(definition), definition.kind);
  return {
    definition,
    apiVersion: apiVersionOf(definition),
    // Built-in schemas are decoded when first asked for.
    get schema() {
      return custom ? customSchema(definition.schema) : definition.schema;
    },
    storageResource,
    ...(conversion ? { conversion } : {}),
    custom,
    refusedAs: storageResource === 'events' ? { group: '', kind: 'Event' } : definition,
    traits: traitsOf(definition.group === 'events.k8s.io' ? 'events.k8s.io/events' : storageResource, custom),
    ...(deprecation ? { deprecation } : {}),
    ...standing,
  };
}

/** The stored object in the version asked for. */
export function fromStorage(served: ServedKind, stored: KubeObject): KubeObject {
  return served.conversion ? served.conversion.fromStorage(stored) : stored;
}

/** The answer to a write in this version. */
export function fromWrite(served: ServedKind, stored: KubeObject): KubeObject {
  return served.conversion?.written?.(stored) ?? fromStorage(served, stored);
}

/** What would be read again, were it stored. */
export const asStored = (served: ServedKind, object: KubeObject): KubeObject =>
  served.conversion ? fromWrite(served, toStorage(served, object)) : object;

export function toStorage(served: ServedKind, object: KubeObject): KubeObject {
  return served.conversion ? served.conversion.toStorage(object) : object;
}

/** Remembers the answer for as long as the object lives, so that all readers and watchers share it. */
export function remembered(
  convert: (object: KubeObject) => KubeObject,
  known = new WeakMap<KubeObject, KubeObject>(),
): (object: KubeObject) => KubeObject {
  return (object) => {
    let converted = known.get(object);
    if (converted === undefined) {
      converted = convert(object);
      known.set(object, converted);
    }
    return converted;
  };
}

/** Strategy None: only apiVersion differs. */
export function renamedVersion(from: string, to: string): Conversion {
  return {
    fromStorage: remembered((stored) => (stored.apiVersion === to ? stored : { ...stored, apiVersion: to })),
    toStorage: (object) => (object.apiVersion === from ? object : { ...object, apiVersion: from }),
  };
}

/**
 * Objects of a definition between the version they are stored in and the one they are asked for. What is stored is
 * read with the schema of its own version, defaults and all; what another version does not know is pruned, but that
 * version's defaults are for those who write in it.
 */
import type { KindDefinition } from '#kube/kind/definition.ts';
import { apiVersionOf } from '#kube/meta/kind.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { applyDefaults } from '#kube/schema/defaults.ts';
import { pruneCustom } from '#kube/schema/prune.ts';
import type { Schema } from '#kube/schema/schema.ts';
import { type Conversion, remembered } from '../../registry/kinds/served.ts';

export interface Forms {
  /** The version new objects are stored in. */
  readonly storage: KindDefinition;
  /** As it is stored, in its own version: known fields only, and defaults that are newer than the object. */
  readonly read: (stored: KubeObject) => KubeObject;
  /** What the version `object` says it is in knows of it. */
  readonly pruned: (object: KubeObject) => KubeObject;
}

/** `kinds`: all versions of a definition, served or not. */
export function storedForms(kinds: readonly KindDefinition[], storage: KindDefinition): Forms {
  const byVersion = new Map(kinds.map((kind) => [apiVersionOf(kind), kind]));
  const schemaOf = ({ apiVersion }: KubeObject): Schema | undefined => byVersion.get(apiVersion)?.schema;
  const content = (object: KubeObject, change: (schema: Schema, fields: Fields) => Fields): KubeObject => {
    const schema = schemaOf(object);
    if (!schema) return object;
    const fields = withoutEnvelope(object);
    const changed = change(schema, fields);
    return changed === fields ? object : withEnvelopeOf(object, changed);
  };
  return {
    storage,
    read: remembered((stored) =>
      content(stored, (schema, fields) => applyDefaults(schema, pruneCustom(schema, fields).value)),
    ),
    pruned: (object) => content(object, (schema, fields) => pruneCustom(schema, fields).value),
  };
}

type Fields = Readonly<Record<string, unknown>>;

/** Custom schemas say nothing of apiVersion, kind and metadata, or less than there is. */
function withoutEnvelope(object: KubeObject): Fields {
  const { apiVersion: _, kind: __, metadata: ___, ...fields } = object as KubeObject & Fields;
  return fields;
}

function withEnvelopeOf({ apiVersion, kind, metadata }: KubeObject, fields: Fields): KubeObject {
  const { apiVersion: _, kind: __, metadata: ___, ...content } = fields;
  return { apiVersion, kind, metadata, ...content } as KubeObject;
}

const inVersion = (object: KubeObject, apiVersion: string): KubeObject =>
  object.apiVersion === apiVersion ? object : { ...object, apiVersion };

/** Strategy None: another version differs in its name, and in what it knows. */
export function renaming({ storage, read, pruned }: Forms, kind: KindDefinition): Conversion {
  const [version, stored] = [apiVersionOf(kind), apiVersionOf(storage)];
  const known = new WeakMap<KubeObject, KubeObject>();
  const fromStorage = remembered(
    (object) => (object.apiVersion === version ? read(object) : pruned(inVersion(read(object), version))),
    known,
  );
  return {
    fromStorage,
    toStorage: (object) => (object.apiVersion === stored ? object : pruned(inVersion(object, stored))),
    // In the stored version it was decoded a moment ago, and need not be read again.
    ...(version === stored
      ? {
          written: (object: KubeObject) => {
            known.set(object, object);
            return object;
          },
        }
      : {}),
  };
}

/** From a CustomResourceDefinition to the kinds it serves, one for each served version. */
import type { Column, KindDefinition } from '#kube/kind/definition.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { schemaFromOpenApi } from '#kube/openapi/openapi.ts';
import { applyDefaults } from '#kube/schema/defaults.ts';
import { prune } from '#kube/schema/prune.ts';
import { internalError } from '#kube/status/errors.ts';
import { type Conversion, remembered, type ServedKind, servedKind } from '../registry/kinds/served.ts';
import type { CustomResourceDefinition, Names, Version } from './definition.ts';

const verbs = ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch'] as const;

const ageOnly: readonly Column[] = [{ name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' }];

/** Their schemas are read when they are first asked for. */
export function servedBy(definition: CustomResourceDefinition): readonly ServedKind[] {
  const { group = '', versions = [], conversion, names: asked = {} } = definition.spec ?? {};
  const names = definition.status?.acceptedNames ?? asked;
  const stored = versions.find(({ storage }) => storage)?.name ?? '';
  const conversionOf = (kind: KindDefinition): Conversion =>
    conversion?.strategy === 'Webhook' && kind.version !== stored
      ? unconvertible(kind, `${group}/${stored}`)
      : kept(kind, `${group}/${stored}`, `${group}/${kind.version}`);
  return versions
    .filter(({ served }) => served)
    .map((version) => {
      const kind = kindOf(definition, names, version);
      return servedKind(
        kind,
        conversionOf(kind),
        version.deprecated ? { deprecation: deprecationOf(kind, version) } : {},
      );
    });
}

/** The kind as it is served while its definition goes away: its watchers stay and see its objects go. */
export const goingAway = (served: ServedKind): ServedKind => ({
  ...served,
  createRefused: 'create not allowed while custom resource definition is terminating',
});

const deprecationOf = ({ group, version, kind }: KindDefinition, { deprecationWarning }: Version): string =>
  deprecationWarning ?? `${group}/${version} ${kind} is deprecated`;

const anything = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };

function kindOf(definition: CustomResourceDefinition, names: Names, version: Version): KindDefinition {
  const { group = '', scope } = definition.spec ?? {};
  const {
    plural = '',
    kind = '',
    singular = kind.toLowerCase(),
    listKind = `${kind}List`,
    shortNames = [],
    categories = [],
  } = names;
  const { status, scale } = version.subresources ?? {};
  let schema: KindDefinition['schema'] | undefined;
  return {
    group,
    version: version.name,
    kind,
    resource: plural,
    namespaced: scope === 'Namespaced',
    listKind,
    singular,
    shortNames,
    categories,
    verbs,
    get schema() {
      schema ??= schemaFromOpenApi(version.schema?.openAPIV3Schema ?? anything);
      return schema;
    },
    columns: version.additionalPrinterColumns ?? ageOnly,
    subresources: { ...(status ? { status: true } : {}), ...(scale ? { scale } : {}) },
  };
}

/** Strategy None: the name of the version differs; what is stored is read with this version's schema. */
function kept(kind: KindDefinition, storageVersion: string, version: string): Conversion {
  const known = new WeakMap<KubeObject, KubeObject>();
  return {
    fromStorage: remembered((stored) => {
      const { value } = prune(kind.schema, withoutEnvelope(stored));
      return withEnvelopeOf(stored, version, applyDefaults(kind.schema, value));
    }, known),
    written: (stored) => {
      const object = stored.apiVersion === version ? stored : { ...stored, apiVersion: version };
      known.set(stored, object);
      return object;
    },
    toStorage: (object) => (object.apiVersion === storageVersion ? object : { ...object, apiVersion: storageVersion }),
  };
}

type Fields = Readonly<Record<string, unknown>>;

/** Custom schemas say nothing of apiVersion, kind and metadata, or less than there is. */
function withoutEnvelope(object: KubeObject): Fields {
  const { apiVersion: _, kind: __, metadata: ___, ...fields } = object as KubeObject & Fields;
  return fields;
}

function withEnvelopeOf({ kind, metadata }: KubeObject, apiVersion: string, fields: Fields): KubeObject {
  const { apiVersion: _, kind: __, metadata: ___, ...content } = fields;
  return { apiVersion, kind, metadata, ...content } as KubeObject;
}

/** Strategy Webhook is not served here, and what is not converted is not shown as if it were. */
function unconvertible({ group, version, kind }: KindDefinition, storageVersion: string): Conversion {
  const refuse = (): never => {
    throw internalError(
      `conversion webhook for ${storageVersion}, Kind=${kind} failed: this server has no conversion webhooks; ` +
        `read and write ${storageVersion} instead of ${group}/${version}`,
    );
  };
  return { fromStorage: refuse, toStorage: refuse };
}

/**
 * What is known of a kind that one API server serves: the built-in ones from our tables, custom ones from the server's
 * own CustomResourceDefinitions. A kind nobody describes has its types deduced from its values, so that no object is
 * refused for want of a schema.
 */
import { type CustomResourceDefinition, CustomResourceDefinitions } from '#apis/kubernetes/types.ts';
import type { KindDefinition } from '#kube/kind/definition.ts';
import type { GroupVersionKind } from '#kube/meta/kind.ts';
import type { JsonObject } from '#kube/meta/object.ts';
import { schemaFromOpenApi } from '#kube/openapi/openapi.ts';
import { withEnvelope } from '#kube/schema/metadata.ts';
import type { Schema } from '#kube/schema/schema.ts';
import type { Informer, InformerFactory } from './informer/informer.ts';

export type KindFinder = (gvk: GroupVersionKind) => KindDefinition;

export interface KindFinderOptions {
  readonly informers: InformerFactory;
  /** Kinds known without asking the server. */
  readonly known: (gvk: GroupVersionKind) => KindDefinition | undefined;
  /** Answers the informer when it can be relied on, or throws. */
  readonly ready: (informer: Informer<CustomResourceDefinition>) => Informer<CustomResourceDefinition>;
}

const byKind = 'kind';
const kindIndex = ({ spec }: CustomResourceDefinition): readonly string[] => [`${spec?.group}/${spec?.names?.kind}`];

/** Begins to watch the server's definitions. */
export function kindFinder({ informers, known, ready }: KindFinderOptions): KindFinder {
  const definitions = informers.informer(CustomResourceDefinitions);
  definitions.addIndex(byKind, kindIndex);
  const described = new WeakMap<CustomResourceDefinition, Map<string, KindDefinition>>();
  const deduced = new Map<string, KindDefinition>();

  return (gvk) => {
    const found = known(gvk);
    if (found) return found;
    const id = `${gvk.group}/${gvk.kind}`;
    const definition = ready(definitions).byIndex(byKind, id)[0];
    if (!definition) return remember(deduced, `${id}/${gvk.version}`, () => kindFrom(gvk, undefined));
    const versions = described.get(definition) ?? new Map<string, KindDefinition>();
    described.set(definition, versions);
    return remember(versions, gvk.version, () => kindFrom(gvk, definition));
  };
}

function remember<V>(map: Map<string, V>, key: string, make: () => V): V {
  const value = map.get(key) ?? make();
  map.set(key, value);
  return value;
}

const untyped: Schema = {};

function kindFrom(gvk: GroupVersionKind, definition: CustomResourceDefinition | undefined): KindDefinition {
  const { scope, names, versions } = definition?.spec ?? {};
  const version = versions?.find((each) => each.name === gvk.version);
  const schema = version?.schema?.openAPIV3Schema as JsonObject | undefined;
  return {
    ...gvk,
    resource: names?.plural ?? '',
    namespaced: scope !== 'Cluster',
    listKind: names?.listKind ?? `${gvk.kind}List`,
    singular: names?.singular ?? gvk.kind.toLowerCase(),
    shortNames: names?.shortNames ?? [],
    categories: names?.categories ?? [],
    verbs: [],
    schema: schema ? withEnvelope(schemaFromOpenApi(schema)) : untyped,
    columns: [],
    subresources: {},
  };
}

/** From a CustomResourceDefinition to the kinds it serves, one for each served version. */
import type { Column, KindDefinition } from '#kube/kind/definition.ts';
import { apiVersionOf } from '#kube/meta/kind.ts';
import { schemaFromOpenApi } from '#kube/openapi/openapi.ts';
import type { WebhookTransport } from '../admission/webhook/call.ts';
import { type ServedKind, servedKind } from '../registry/kinds/served.ts';
import { compareVersions } from '../registry/kinds/versions.ts';
import { renaming, storedForms } from './conversion/forms.ts';
import { webhookConversion } from './conversion/webhook.ts';
import type { CustomResourceDefinition, Names, Version } from './definition.ts';

const verbs = ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch'] as const;

const ageOnly: readonly Column[] = [{ name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' }];

/** Their schemas are read when they are first asked for. */
export function servedBy(definition: CustomResourceDefinition, transport: WebhookTransport): readonly ServedKind[] {
  const { versions = [], names: asked = {}, conversion = {} } = definition.spec ?? {};
  const names = definition.status?.acceptedNames ?? asked;
  const kinds = versions.map((version) => kindOf(definition, names, version));
  const stored = versions.findIndex(({ storage }) => storage);
  const forms = storedForms(kinds, kinds[Math.max(0, stored)]!);
  const webhook = conversion.strategy === 'Webhook' ? conversion.webhook : undefined;
  const conversionOf = (kind: KindDefinition) =>
    webhook ? webhookConversion(forms, kind, webhook, transport) : renaming(forms, kind);
  return versions.flatMap((version, index) => {
    if (!version.served) return [];
    const kind = kinds[index]!;
    const standing = {
      // A webhook may name the same fields differently in each version.
      ...(webhook
        ? {}
        : {
            alikeVersions: (apiVersion?: string) =>
              apiVersion !== undefined && kinds.some((each) => apiVersionOf(each) === apiVersion),
          }),
      ...(version.deprecated ? { deprecation: deprecationOf(kind, version, versions) } : {}),
    };
    return servedKind(kind, conversionOf(kind), standing);
  });
}

/** The kind as it is served while its definition goes away: its watchers stay and see its objects go. */
export const goingAway = (served: ServedKind): ServedKind => ({
  ...served,
  createRefused: 'create not allowed while custom resource definition is terminating',
});

/** What its users are told: the definition's own text, else the newest version that is better. */
function deprecationOf(
  { group, version, kind }: KindDefinition,
  { deprecationWarning }: Version,
  versions: readonly Version[],
): string {
  if (deprecationWarning !== undefined) return deprecationWarning;
  const [newest] = versions
    .filter(({ name, served, deprecated }) => served && !deprecated && compareVersions(name, version) < 0)
    .map(({ name }) => name)
    .sort(compareVersions);
  return `${group}/${version} ${kind} is deprecated${newest === undefined ? '' : `; use ${group}/${newest} ${kind}`}`;
}

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
    storageVersion: (definition.spec?.versions ?? []).find(({ storage }) => storage)?.name ?? version.name,
    columns: version.additionalPrinterColumns ?? ageOnly,
    ...(version.selectableFields
      ? { selectableFields: version.selectableFields.map(({ jsonPath }) => jsonPath.replace(/^\./, '')) }
      : {}),
    subresources: { ...(status ? { status: true } : {}), ...(scale ? { scale } : {}) },
  };
}

/** Definitions that are refused, beyond those a real server's recorded answers show. */
import { describe, expect, it } from 'vitest';
import { customKinds } from '#apis/kinds.ts';
import type { JsonObject } from '#kube/meta/object.ts';
import { crdManifest, crdSchema } from '#kube/openapi/crd-manifest.ts';
import type { StatusCause } from '#kube/status/status.ts';
import type { CustomResourceDefinition } from '../definition.ts';
import { findField } from './field-path.ts';
import { definitionCauses } from './judge.ts';
import { structuralCauses } from './structural.ts';

const text = { type: 'string' };

const definition = (schema: JsonObject, more: JsonObject = {}, status: object = {}): CustomResourceDefinition =>
  ({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'widgets.example.com' },
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: { plural: 'widgets', singular: 'widget', kind: 'Widget', listKind: 'WidgetList' },
      conversion: { strategy: 'None' },
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schema } }],
      ...more,
    },
    status: { storedVersions: ['v1'], ...status },
  }) as CustomResourceDefinition;

const inSpec = (properties: JsonObject): JsonObject => ({
  type: 'object',
  properties: { spec: { type: 'object', properties } },
});

const said = (causes: readonly StatusCause[]) => causes.map(({ field, message }) => `${field}: ${message}`);
const refused = async (now: CustomResourceDefinition, old?: CustomResourceDefinition) =>
  said(await definitionCauses(now, old, ''));

it.each(customKinds.map((kind) => [kind.kind, kind] as const))('%s has a structural schema', async (_, kind) => {
  expect(structuralCauses(crdSchema(kind.schema), '')).toEqual([]);
  const manifest = crdManifest(kind, []) as unknown as CustomResourceDefinition;
  const names = { singular: kind.singular, listKind: kind.listKind, ...manifest.spec?.names };
  const spec = { conversion: { strategy: 'None' }, ...manifest.spec, names };
  expect(await refused({ ...manifest, spec, status: { storedVersions: [kind.version] } })).toEqual([]);
});

describe('an update', () => {
  const established = { conditions: [{ type: 'Established', status: 'True' }] };
  const loose = { type: 'array', 'x-kubernetes-list-type': 'set', items: { ...text, nullable: true } };

  it('keeps names and scope of what is served', async () => {
    const old = definition(inSpec({}), {}, established);
    expect(await refused(definition(inSpec({}), { scope: 'Cluster' }, established), old)).toEqual([
      'spec.scope: Invalid value: "Cluster": field is immutable',
    ]);
    expect(await refused(definition(inSpec({}), { scope: 'Cluster' }), definition(inSpec({})))).toEqual([]);
  });

  it('may keep what was wrong before', async () => {
    const old = definition(inSpec({ field: loose }));
    expect(await refused(old)).toEqual([
      'spec.validation.openAPIV3Schema.properties[spec].properties[field].items.nullable: Forbidden: cannot be nullable when x-kubernetes-list-type is set',
    ]);
    expect(await refused(definition(inSpec({ field: loose, other: text })), old)).toEqual([]);
    expect(await refused(old, definition(inSpec({ other: text })))).toHaveLength(1);
  });

  it('needs a CA bundle that can be read once it is served', async () => {
    const conversion = {
      strategy: 'Webhook',
      webhook: {
        clientConfig: { url: 'https://a.b/c', caBundle: Buffer.from('no PEM').toString('base64') },
        conversionReviewVersions: ['v1'],
      },
    };
    expect(await refused(definition(inSpec({}), { conversion }))).toEqual([]);
    const old = definition(inSpec({}), {}, established);
    expect(await refused(definition(inSpec({}), { conversion }, established), old)).toEqual([
      'spec.conversion.webhookClientConfig.caBundle: Invalid value: "bm8gUEVN": unable to load root certificates: unable to parse bytes as PEM block',
    ]);
  });

  it('in which nothing changed is not looked at', async () => {
    const wrong = definition({});
    expect(await refused(wrong, wrong)).toEqual([]);
  });
});

describe('a rule', () => {
  const rule = (given: JsonObject) =>
    refused(
      definition(inSpec({ field: { type: 'object', properties: { a: text }, 'x-kubernetes-validations': [given] } })),
    );
  const at = 'spec.validation.openAPIV3Schema.properties[spec].properties[field].x-kubernetes-validations[0]';

  it.each([
    [{ rule: ' ' }, 'rule: Required value: rule is not specified'],
    [{ rule: 'true', message: ' ' }, 'message: Invalid value: " ": must be non-empty if specified'],
    [{ rule: 'true', message: 'a\nb' }, 'message: Invalid value: "a\\nb": must not contain line breaks'],
    [{ rule: 'true ||\nfalse' }, 'message: Required value: message must be specified if rule contains line breaks'],
    [
      { rule: 'true', messageExpression: ' ' },
      'messageExpression: Required value: messageExpression must be non-empty if specified',
    ],
    [
      { rule: 'true', reason: 'Bad' },
      'reason: Unsupported value: "Bad": supported values: "FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired"',
    ],
    [{ rule: 'true', fieldPath: '.b' }, 'fieldPath: Invalid value: ".b": must be a valid path'],
  ])('%j is refused', async (given, message) => {
    expect(await rule(given)).toEqual([`${at}.${message}`]);
  });
});

describe('paths', () => {
  const schema = inSpec({ 'a.b': text, map: { type: 'object', additionalProperties: text } });

  it.each([
    [".spec['a.b']", ['spec', 'a.b']],
    ['.spec.map.key', ['spec', 'map', 'key']],
    ["['spec']['map']", ['spec', 'map']],
  ])('%s leads to a field', (path, names) => {
    expect(findField(path, schema, true)).toMatchObject({ path: names });
  });

  it.each([
    ['spec', 'expected [ or . but got: spec'],
    ['.', 'unexpected end of JSON path'],
    ['.spec[a]', 'expected single quoted string but got a'],
    [".spec['a.b'", 'unexpected end of JSON path'],
    ['.spec.none', 'does not refer to a valid field'],
    ['.spec.map.key.more', 'does not refer to a valid field'],
  ])('%s leads nowhere', (path, why) => {
    expect(findField(path, schema, true)).toBe(why);
  });
});

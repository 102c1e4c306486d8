/** Definitions that are refused: names, versions, subresources, columns, selectable fields, conversion. */
import type { Anything } from '#harness/kubectl.ts';
import { definition, definitionHand, laidOver, specOf, version } from './crd-hand.ts';
import type { Hand, Script } from './hand.ts';

const group = 'definitions.example.com';
const sound = definition(group, [version('v1')]);

const wrongNames: readonly Anything[] = [
  { metadata: { name: 'other.example.com' } },
  { metadata: { name: null } },
  { spec: { group: null } },
  { spec: { group: 'Upper.example.com' } },
  { spec: { group: 'nodot' }, metadata: { name: 'widgets.nodot' } },
  { spec: { scope: null } },
  { spec: { scope: 'Galaxy' } },
  { spec: { names: { plural: null } } },
  { spec: { names: { plural: 'Widgets' } } },
  { spec: { names: { singular: 'a.b' } } },
  { spec: { names: { kind: null } } },
  { spec: { names: { kind: '1Widget' } } },
  { spec: { names: { listKind: 'Widget' } } },
  { spec: { names: { listKind: 'Widget_List' } } },
  { spec: { names: { shortNames: ['ok', 'Wd', ''] } } },
  { spec: { names: { categories: ['all', 'A-b'] } } },
  { spec: { preserveUnknownFields: true } },
  { spec: { group: 'x.k8s.io' }, metadata: { name: 'widgets.x.k8s.io' } },
  {
    spec: { group: 'x.k8s.io' },
    metadata: { name: 'widgets.x.k8s.io', annotations: { 'api-approved.kubernetes.io': 'maybe' } },
  },
];

const wrongVersions: readonly (readonly Anything[] | null)[] = [
  null,
  [version('V1', undefined, { storage: true })],
  [version('v1'), version('v1')],
  [version('v1'), version('v2', undefined, { storage: true })],
  [version('v2')],
  [{ name: 'v1', served: true, storage: true }],
  [{ name: 'v1', served: true, storage: true, schema: {} }],
  [version('v1'), { name: 'v2', served: true, storage: false }],
  [version('v1', undefined, { deprecationWarning: 'old' })],
  [version('v1', undefined, { deprecated: true, deprecationWarning: '' })],
  [version('v1', undefined, { deprecated: true, deprecationWarning: `long${'x'.repeat(300)}` })],
  [version('v1', undefined, { deprecated: true, deprecationWarning: 'two\nlines' })],
  [version('v1', undefined, { subresources: { scale: {} } })],
  [
    version('v1', undefined, {
      subresources: { scale: { specReplicasPath: '.status.a', statusReplicasPath: 'status' } },
    }),
  ],
  [
    version('v1', undefined, {
      subresources: {
        scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.spec.b', labelSelectorPath: '.metadata.c' },
      },
    }),
  ],
  [
    version('v1', undefined, {
      subresources: {
        scale: { specReplicasPath: '.spec.a', statusReplicasPath: '.status.b', labelSelectorPath: 'status.c' },
      },
    }),
  ],
  [version('v1', undefined, { additionalPrinterColumns: [{}] })],
  [version('v1', undefined, { additionalPrinterColumns: [{ name: 'A', type: 'text', jsonPath: '.spec.a' }] })],
  [
    version('v1', undefined, {
      additionalPrinterColumns: [{ name: 'A', type: 'string', format: 'odd', jsonPath: 'spec' }],
    }),
  ],
  [
    version('v1', specOf({ a: { type: 'string' } }), {
      subresources: { status: {} },
      additionalPrinterColumns: [{ name: 'A', type: 'date', jsonPath: '{.spec.a}' }],
    }),
  ],
  // What all versions share is spoken of as the definition's own, what they do not is not.
  [
    version('v1', specOf({ a: { type: 'string' } }), { subresources: { scale: { statusReplicasPath: '.status.r' } } }),
    version('v2', specOf({ b: {} }), { subresources: { scale: { statusReplicasPath: '.status.r' } } }),
  ],
  [
    version('v1', specOf({ b: {} })),
    version('v2', specOf({ b: {} }), { additionalPrinterColumns: [{ name: 'A', type: 'string', jsonPath: 'x' }] }),
  ],
];

const fields = specOf({
  text: { type: 'string' },
  flag: { type: 'boolean' },
  count: { type: 'integer' },
  part: { type: 'number' },
  list: { type: 'array', items: { type: 'string' } },
  map: { type: 'object', additionalProperties: { type: 'string' } },
  kind: { type: 'string', enum: ['a', 'b'] },
});
const selectable = (...paths: readonly string[]) => [
  version('v1', fields, { selectableFields: paths.map((jsonPath) => ({ jsonPath })) }),
];
const wrongSelectable: readonly (readonly Anything[])[] = [
  selectable(''),
  selectable('spec.text'),
  selectable('.spec'),
  selectable('.spec.part'),
  selectable('.spec.none'),
  selectable('.spec.list'),
  selectable('.spec.list[0]'),
  selectable('.spec.map.key'),
  selectable("['spec'].text"),
  selectable('.metadata.name'),
  selectable('.spec.text', '.spec.text'),
  selectable('.spec..text'),
  selectable('.spec.text', '.spec.flag', '.spec.count', '.spec.kind', '.spec.none1'),
  [
    version(
      'v1',
      specOf(Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`f${index}`, { type: 'string' }]))),
      { selectableFields: Array.from({ length: 9 }, (_, index) => ({ jsonPath: `.spec.f${index}` })) },
    ),
  ],
];

const wrongConversions: readonly Anything[] = [
  { strategy: null },
  { strategy: 'Magic' },
  { strategy: 'Webhook' },
  { strategy: 'Webhook', webhook: {} },
  { strategy: 'Webhook', webhook: { conversionReviewVersions: ['v1'] } },
  { strategy: 'Webhook', webhook: { clientConfig: {}, conversionReviewVersions: [] } },
  { strategy: 'Webhook', webhook: { clientConfig: { url: 'http://a.b/c' }, conversionReviewVersions: ['v1'] } },
  { strategy: 'Webhook', webhook: { clientConfig: { url: 'https://a.b/c?d#e' }, conversionReviewVersions: ['v1'] } },
  { strategy: 'Webhook', webhook: { clientConfig: { url: 'https:///c' }, conversionReviewVersions: ['v2', 'v3'] } },
  {
    strategy: 'Webhook',
    webhook: { clientConfig: { url: 'https://u:p@a.b/c' }, conversionReviewVersions: ['v1', 'v1', 'V'] },
  },
  {
    strategy: 'Webhook',
    webhook: {
      clientConfig: { url: 'https://a.b/c', service: { name: 'a', namespace: 'b' } },
      conversionReviewVersions: ['v1'],
    },
  },
  {
    strategy: 'Webhook',
    webhook: {
      clientConfig: { service: { name: '', namespace: '', path: 'x//y', port: 70000 } },
      conversionReviewVersions: ['v1'],
    },
  },
  { strategy: 'None', webhook: { clientConfig: { url: 'https://a.b/c' }, conversionReviewVersions: ['v1'] } },
];

async function refused(hand: Hand): Promise<void> {
  const { offer, define } = definitionHand(hand);
  // What is not refused exists already.
  await define(sound);
  for (const change of wrongNames) await offer(laidOver(sound, change));
  for (const versions of wrongVersions) await offer(laidOver(sound, { spec: { versions } }));
  for (const versions of wrongSelectable) await offer(laidOver(sound, { spec: { versions } }));
  for (const conversion of wrongConversions) await offer({ ...sound, spec: { ...sound.spec, conversion } });
}

async function changed(hand: Hand): Promise<void> {
  const { define, read, change } = definitionHand(hand);
  const own = 'changes.example.com';
  const name = `widgets.${own}`;
  await define(definition(own, [version('v1'), version('v2')]));
  await read(name);
  await change(name, { spec: { scope: 'Cluster' } });
  await change(name, { spec: { names: { kind: 'Gadget' } } });
  await change(name, { spec: { names: { plural: 'gadgets' } } });
  await change(name, { spec: { group: 'other.example.com' } });
  await change(name, { metadata: { labels: { a: 'b' } } });
  await change(name, { spec: { versions: [version('v2', undefined, { storage: true })] } });
  await change(name, { spec: { versions: [version('v1', { type: 'array' }), version('v2')] } });
  await change(name, { spec: { preserveUnknownFields: true } });
  await change(name, { spec: { versions: null } });
  const live = await read(name);
  const { resourceVersion: _, ...metadata } = live.metadata;
  const path = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${name}?fieldManager=updater`;
  await hand.ask({ method: 'PUT', path, type: 'application/json', body: { ...live, metadata } });
}

export const definitionScripts: readonly Script[] = [
  { name: 'crd-refused', run: refused },
  { name: 'crd-changed', run: changed },
];

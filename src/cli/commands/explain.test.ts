import { beforeAll, describe, expect, it } from 'vitest';
import { flotilla, kubectl, needsKubectl, printed } from '../served.cases.ts';

const told =
  'Who looks after this shop, and how many may be asked at the same time before somebody has to say that it is enough for one day.\nA second line.';

/** Descriptions, values, unions, and a schema that is told nothing of. */
const definition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'shops.market.example.io' },
  spec: {
    group: 'market.example.io',
    scope: 'Namespaced',
    names: { plural: 'shops', singular: 'shop', kind: 'Shop', listKind: 'ShopList', shortNames: ['sh'] },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: 'object',
            description: `A place where things are sold. ${told}`,
            required: ['spec'],
            properties: {
              spec: {
                type: 'object',
                description: told,
                required: ['size'],
                externalDocs: { description: 'All about shops.', url: 'https://example.io/shops' },
                properties: {
                  size: { type: 'string', enum: ['', 'small', 'middling', 'large', 'vast'], description: told },
                  shelves: {
                    type: 'array',
                    description: told.repeat(2),
                    items: { type: 'object', properties: { width: { type: 'integer', description: 'In metres.' } } },
                  },
                  prices: { type: 'object', additionalProperties: { type: 'number' } },
                  notes: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
                  address: { type: 'string', description: `See https://example.io/${'x'.repeat(90)} for it.` },
                },
              },
            },
          },
        },
      },
    ],
  },
};

const member = {
  apiVersion: 'cluster.karmada.io/v1alpha1',
  kind: 'Cluster',
  metadata: { name: 'member1' },
  spec: { syncMode: 'Push', apiEndpoint: 'https://127.0.0.1:1' },
};

const web = `explain shows the fields of a kind, and deployment/web is an object.
Where it is, and what keeps it from the clusters: flotilla why deployment/web -n default
The fields of its kind: kubectl explain deployment
`;

const shortSweep = [
  'deployments',
  'deploy.spec.template.spec.containers',
  'deploy.spec.strategy.type',
  'crd.spec.versions.schema.openAPIV3Schema --recursive',
  'deployments.apps.spec',
  'pp.spec.placement --recursive',
  'shops',
  'sh.spec',
  'sh.spec.size',
  'pp.spec.nothing',
  'nothings',
  'hpa --api-version=autoscaling/v9',
  'pods.spec..x',
];
/** Held against kubectl with `npm run test:conformance`. */
const longSweep = [
  'pods --recursive',
  'pods.spec.containers.resources.limits',
  'pods.',
  'PODS',
  'configmap.data',
  'deploy.apps',
  'events.events.k8s.io',
  'clusters.cluster.karmada.io.spec',
  'pods.metadata --recursive',
  'hpa',
  'hpa.spec --api-version=autoscaling/v1',
  'pp',
  'pp.spec.conflictResolution',
  'rb.spec.clusters',
  'sh.spec.shelves.width',
  'sh.spec.shelves',
  'sh.spec --recursive',
  'sh.spec.notes.any',
  'pods.spec.nothing.deeper',
  'pods.metadata.labels.foo',
  'pods.spec.containers[0].name',
  'pods.*',
  'nothings.x',
  'pods --api-version=apps/v1',
  'pods --api-version=a/b/c',
  'pods a b',
  'deployments --context member1',
  '',
];

describe('explain', () => {
  beforeAll(async () => {
    await printed('apply -f -', { input: JSON.stringify(definition) });
    await printed('apply -f -', { input: JSON.stringify(member) });
  });

  it.for([...shortSweep, ...(process.env.FLOTILLA_CONFORMANCE === undefined ? [] : longSweep)])(
    'kubectl explain %s',
    async (words, context) => {
      await needsKubectl(context);
      const [theirs, ours] = await Promise.all([kubectl(`explain ${words}`), flotilla(`explain ${words}`)]);
      expect(ours).toEqual(theirs);
    },
  );

  it('wraps descriptions, lists values, and marks what is required', async () => {
    expect(await printed('explain sh.spec')).toBe(`GROUP:      market.example.io
KIND:       Shop
VERSION:    v1

FIELD: spec <Object>


DESCRIPTION:
    Who looks after this shop, and how many may be asked at the same time before
    somebody has to say that it is enough for one day.
    A second line.
    
FIELDS:
  address	<string>
    See
    https://example.io/${'x'.repeat(90)}
    for it.

  notes	<Object>
    <no description>

  prices	<map[string]number>
    <no description>

  shelves	<[]Object>
    Who looks after this shop, and how many may be asked at the same time before
    somebody has to say that it is enough for one day.
    A second line.Who looks after this shop, and how many may be asked at the
    same time before somebody has to say that it is enough for one day.
    A second line.

  size	<string> -required-
  enum: "", small, middling, large, ....
    Who looks after this shop, and how many may be asked at the same time before
    somebody has to say that it is enough for one day.
    A second line.


`);
  });

  it('shows all fields, a line each, and tells clusters apart', async () => {
    expect(await printed('explain sh.spec --recursive')).toMatch(
      /FIELDS:\n {2}address\t<string>\n {2}notes\t<Object>\n {2}prices\t<map\[string\]number>\n {2}shelves\t<\[\]Object>\n {4}width\t<integer>\n {2}size\t<string> -required-\n {2}enum: /,
    );
    const one = await printed('explain configmap.data');
    expect(await printed('explain configmap.data --operation-scope members')).toBe(one);
    const both = `CLUSTER:    Karmada\n${one}CLUSTER:    member1\n${one}`;
    expect(await printed('explain configmap.data --operation-scope all')).toBe(both);
  });

  it.each([
    ['pp.spec.nothing', 'field "nothing" does not exist\n'],
    ['pods.spec..x', 'invalid jsonpath syntax, first node must be field node\n'],
    ['pods.*', "unrecognized character in action: U+002A '*'\n"],
    ['pods --api-version=apps/v1', 'GVR (apps/v1, Resource=pods) not found in OpenAPI schema\n'],
  ])('says, as kubectl, of explain %s', async (words, errors) => {
    const { code, stderr } = await flotilla(`explain ${words}`);
    expect([code, stderr]).toEqual([1, `error: ${errors}`]);
  });

  it.each([
    ['deployment/web', web],
    ['deployment web', web],
    ['deploymnt/web', `the server doesn't have a resource type "deploymnt"\n`],
    ['deployment/web x', 'We accept only this format: explain RESOURCE\n'],
    ['pods -o json', '--output json is not available: plaintext is the only format of explain\n'],
    ['pods -C member9', "clusters don't exist: member9\n"],
  ])('refuses explain %s', async (words, errors) => {
    expect(await flotilla(`explain ${words}`)).toEqual({ code: 1, stdout: '', stderr: `error: ${errors}` });
  });
});

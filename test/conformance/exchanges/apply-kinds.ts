/** Server-side apply by kind: status and scale, unions, sets, atomic values, custom resources, hands that change. */
import type { Anything } from '#harness/kubectl.ts';
import { definition, definitionHand, specOf, version } from './crd-hand.ts';
import { force, type Hand, type Script } from './hand.ts';
import { configMap, deployment, object, service } from './samples.ts';

/** What the main resource and its subresources keep from each other. */
async function subresources(hand: Hand): Promise<void> {
  const main = deployment('parts', { replicas: 1 });
  const status = (more: Anything) => ({ ...object('apps/v1', 'Deployment', 'parts'), status: more });
  await hand.apply({ ...main, status: { replicas: 7 } }, 'one');
  await hand.apply(status({ replicas: 1, conditions: [{ type: 'A', status: 'True' }] }), 'one', '', 'status');
  await hand.apply({ ...status({ replicas: 2 }), spec: { replicas: 9 } }, 'two', '', 'status');
  await hand.apply(status({ replicas: 2 }), 'two', force, 'status');
  await hand.apply(status({ conditions: [{ type: 'B', status: 'True' }] }), 'two', force, 'status');
  await hand.apply(status({ conditions: [] }), 'one', '', 'status');
  await hand.apply({ ...main, metadata: { ...main.metadata, labels: { from: 'main' } } }, 'one');
  await hand.apply(
    { ...status({ replicas: 2 }), metadata: { name: 'parts', labels: { from: 'status' } } },
    'two',
    force,
    'status',
  );
  const scale = (replicas: number) => ({
    ...object('autoscaling/v1', 'Scale', 'parts'),
    spec: { replicas },
  });
  await hand.apply(scale(3), 'scaler', '', 'scale');
  await hand.apply(scale(3), 'scaler', force, 'scale');
  await hand.apply({ ...main, spec: { ...main.spec, replicas: 4 } }, 'one');
  await hand.apply(deployment('parts'), 'one');
  await hand.apply(scale(5), 'scaler', '', 'scale');
  await hand.get(main);
}

/** Kinds whose fields choose between others. */
async function unions(hand: Hand): Promise<void> {
  const rolling = { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1 } };
  await hand.apply(deployment('chosen', { strategy: rolling }), 'one');
  await hand.apply(deployment('chosen', { strategy: { type: 'Recreate' } }), 'one');
  await hand.apply(deployment('chosen', { strategy: { type: 'Recreate', rollingUpdate: null } }), 'one');
  await hand.apply(deployment('chosen', { strategy: rolling }), 'two');
  await hand.apply(deployment('chosen', { strategy: rolling }), 'two', force);
  const probe = (handler: Anything) => deployment('probed', {}, { livenessProbe: handler });
  await hand.apply(probe({ httpGet: { port: 80 } }), 'one');
  await hand.apply(probe({ tcpSocket: { port: 80 } }), 'one');
  await hand.apply(probe({ exec: { command: ['true'] } }), 'two');
  await hand.apply(probe({ exec: { command: ['true'] } }), 'two', force);
  await hand.apply(deployment('probed'), 'one');
  const volumes = (source: Anything) => {
    const made = deployment('mounted');
    made.spec.template.spec.volumes = [{ name: 'v', ...source }];
    return made;
  };
  await hand.apply(volumes({ emptyDir: {} }), 'one');
  await hand.apply(volumes({ configMap: { name: 'c' } }), 'one');
  await hand.apply(volumes({ secret: { secretName: 's' } }), 'two', force);
}

/** Lists and maps that are one value, and lists that are sets. */
async function values(hand: Hand): Promise<void> {
  const finalizers = (...names: readonly string[]) => configMap('set', {}, { finalizers: names });
  await hand.apply(finalizers('a.io/1', 'a.io/2'), 'one');
  await hand.apply(finalizers('a.io/2', 'a.io/3'), 'two');
  await hand.apply(finalizers('a.io/1'), 'one');
  await hand.apply(finalizers('a.io/1', 'a.io/1'), 'one');
  await hand.apply(configMap('set', {}), 'two');
  await hand.apply(configMap('set', {}), 'one');
  const selector = (labels: Anything) => service('atomic', { selector: labels });
  await hand.apply(selector({ a: '1', b: '2' }), 'one');
  await hand.apply(selector({ a: '1' }), 'two');
  await hand.apply(selector({ a: '1' }), 'two', force);
  await hand.apply(service('atomic', { selector: null }), 'two');
  const owner = (name: string, uid: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', name, uid });
  const [first, second] = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222'];
  const owned = (...owners: readonly Anything[]) => configMap('owned', {}, { ownerReferences: owners });
  await hand.apply(owned(owner('a', first!)), 'one');
  await hand.apply(owned(owner('b', second!)), 'two');
  await hand.apply(owned({ ...owner('a', first!), controller: true }), 'two');
  await hand.apply(owned(), 'one');
  const role = (...verbs: readonly string[]) =>
    object('rbac.authorization.k8s.io/v1', 'Role', 'rules', {
      rules: [{ apiGroups: [''], resources: ['pods'], verbs }],
    });
  await hand.apply(role('get'), 'one');
  await hand.apply(role('get', 'list'), 'two');
  await hand.apply(role('get', 'list'), 'two', force);
}

/** One entry ends where another begins: updates, renamed managers, managedFields that a client empties or edits. */
async function hands(hand: Hand): Promise<void> {
  const shown = configMap('handed', { a: '1', b: '1' });
  await hand.create(shown, 'creator');
  await hand.apply(shown, 'applier');
  await hand.patch(shown, 'merge', { data: { a: '2' } }, 'applier');
  await hand.apply(shown, 'applier');
  await hand.apply(shown, 'applier', force);
  await hand.update({ ...configMap('handed', { a: '1', c: '1' }) }, 'creator');
  await hand.apply(configMap('handed', { b: '1' }), 'applier');
  const live = await hand.get(shown);
  await hand.patch(shown, 'json', [{ op: 'replace', path: '/metadata/managedFields', value: [] }], 'nobody');
  await hand.patch(shown, 'merge', { metadata: { managedFields: [{}] } }, 'nobody');
  await hand.apply(configMap('handed', { d: '1' }), 'late');
  await hand.apply(configMap('handed', {}), 'late');
  await hand.patch(shown, 'merge', { metadata: { managedFields: live.metadata.managedFields } }, 'restorer');
  const broken = [{ manager: 'x', operation: 'Apply', apiVersion: 'v1', fieldsType: 'FieldsV1', fieldsV1: { bad: 1 } }];
  await hand.patch(shown, 'merge', { metadata: { managedFields: broken } }, 'restorer');
  await hand.apply(configMap('handed', { e: '1' }), 'a'.repeat(128));
  await hand.apply(configMap('handed', { e: '1' }), 'a'.repeat(129));
  await hand.apply(configMap('handed', { e: '1' }), 'tab%09');
}

/** Custom resources: merge keys, sets, atomic maps and lists as their schema says, and what it preserves. */
async function custom(hand: Hand): Promise<void> {
  const texts = { type: 'array', items: { type: 'string' } };
  const schema = specOf({
    size: { type: 'integer', default: 3 },
    tags: { ...texts, 'x-kubernetes-list-type': 'set' },
    words: { ...texts, 'x-kubernetes-list-type': 'atomic' },
    plain: texts,
    parts: {
      type: 'array',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['name', 'port'],
      items: {
        type: 'object',
        required: ['name'],
        properties: {
          name: { type: 'string' },
          port: { type: 'integer', default: 80 },
          value: { type: 'string' },
        },
      },
    },
    whole: {
      type: 'object',
      'x-kubernetes-map-type': 'atomic',
      properties: { a: { type: 'string' }, b: { type: 'string' } },
    },
    loose: { type: 'object', additionalProperties: { type: 'string' } },
    any: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
  });
  const group = 'apply.example.com';
  const definitions = definitionHand(hand);
  await definitions.define(definition(group, [version('v1', schema, { subresources: { status: {} } })]));
  const path = `/apis/${group}/v1/namespaces/${hand.namespace}/widgets/w`;
  const apply = (spec: Anything, manager: string, query = '') =>
    hand.ask({
      method: 'PATCH',
      path: `${path}?fieldManager=${manager}${query}`,
      type: 'application/apply-patch+yaml',
      body: { apiVersion: `${group}/v1`, kind: 'Widget', metadata: { name: 'w' }, spec },
    });
  await apply({ tags: ['a', 'b'], words: ['x'], plain: ['p'], loose: { k: '1' } }, 'one');
  await apply({ tags: ['b', 'c'], words: ['x', 'y'], plain: ['q'], loose: { k: '2', l: '1' } }, 'two');
  await apply({ tags: ['b', 'c'], words: ['x', 'y'], plain: ['q'], loose: { k: '2', l: '1' } }, 'two', '&force=true');
  await apply(
    {
      parts: [
        { name: 'a', value: '1' },
        { name: 'a', port: 81 },
      ],
      whole: { a: '1' },
    },
    'one',
  );
  await apply({ parts: [{ name: 'a', port: 80, value: '2' }], whole: { b: '1' } }, 'two');
  await apply({ parts: [{ name: 'a', port: 80, value: '2' }], whole: { b: '1' } }, 'two', '&force=true');
  await apply({ parts: [{ name: 'a' }, { name: 'a' }] }, 'three');
  await apply({ parts: [{ port: 1 }] }, 'three');
  await apply({ any: { deep: { list: [1, { x: 2 }] }, size: 1 }, unknown: true }, 'three');
  await apply({ any: { deep: { list: [1] } } }, 'three');
  await apply({ size: 'big' }, 'three');
  await apply({}, 'two');
  await apply({}, 'one');
  await hand.ask({ method: 'GET', path });
}

export const applyKindScripts: readonly Script[] = [
  { name: 'apply-subresources', run: subresources },
  { name: 'apply-unions', run: unions },
  { name: 'apply-values', run: values },
  { name: 'apply-hands', run: hands },
  { name: 'apply-custom', run: custom },
];

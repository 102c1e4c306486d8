import { expect, test } from 'vitest';
import { builtinKind } from '#apis/kubernetes/kinds.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import { verdictOf } from './verdict.ts';

const kind = builtinKind('apps', 'v1', 'Deployment')!;
const owned = {
  manager: 'helm',
  operation: 'Update' as const,
  apiVersion: 'apps/v1',
  fieldsV1: { 'f:spec': { 'f:template': { 'f:spec': { 'f:containers': { 'k:{"name":"web"}': { 'f:image': {} } } } } } },
};
const deployment = (spec: object, pod: object = {}, metadata: object = {}): UnstructuredObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { namespace: 'shop', name: 'web', managedFields: [owned], ...metadata },
  spec: { replicas: 3, ...spec, template: { spec: { containers: [{ name: 'web', image: 'web:1', ...pod }] } } },
});
const live = deployment({});

test.each<[string, UnstructuredObject, object]>([
  ['metadata alone', deployment({}, {}, { labels: { own: 'mark' }, resourceVersion: '9' }), { is: 'adopt' }],
  ['a field beside the Pods', deployment({ minReadySeconds: 5 }), { is: 'change', fields: ['.spec.minReadySeconds'] }],
  [
    'a field of the Pods',
    deployment({}, { image: 'web:2' }),
    { is: 'restart', fields: [{ path: '.spec.template.spec.containers[name="web"].image', managers: ['helm'] }] },
  ],
  [
    'a field that Pods would get',
    deployment({}, { imagePullPolicy: 'Always' }),
    { is: 'restart', fields: [{ path: '.spec.template.spec.containers[name="web"].imagePullPolicy', managers: [] }] },
  ],
  ['fewer Pods', deployment({ replicas: 2 }), { is: 'restart', fields: [{ path: '.spec.replicas', managers: [] }] }],
  ['more Pods', deployment({ replicas: 4 }), { is: 'change', fields: ['.spec.replicas'] }],
])('%s', (_, answer, verdict) => expect(verdictOf({ live, answer, kind })).toEqual(verdict));

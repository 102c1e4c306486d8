/** Our own kinds as a real kube-apiserver serves them from our definitions: defaults, pruning, validation, ownership. */
import { force, type Hand, type Script } from './hand.ts';
import { object } from './samples.ts';

const policy = (name: string, spec: object = {}) =>
  object('policy.karmada.io/v1alpha1', 'PropagationPolicy', name, {
    spec: {
      resourceSelectors: [{ apiVersion: 'apps/v1', kind: 'Deployment' }],
      placement: { clusterAffinity: { clusterNames: ['member1'] } },
      ...spec,
    },
  });

async function policies(hand: Hand): Promise<void> {
  await hand.create(policy('plain'));
  await hand.create(
    policy('full', {
      priority: 3,
      unknown: 1,
      placement: { clusterTolerations: [{ operator: 'Exists', extra: true }] },
    }),
  );
  await hand.create(policy('strict', { unknown: 1 }), 'one', 'fieldValidation=Strict');
  await hand.create(object('policy.karmada.io/v1alpha1', 'PropagationPolicy', 'empty'));
  await hand.create(policy('wrong', { preemption: 'Perhaps' }));
  await hand.create(policy('wrong', { priority: 'high' }));
  await hand.create(policy('wrong', { resourceSelectors: [] }));
  await hand.create(policy('wrong', { resourceSelectors: [{ kind: 'Deployment' }] }));
  await hand.create(policy('wrong', { placement: { spreadConstraints: [{ minGroups: -1 }] } }));
  await hand.apply(policy('applied', { priority: 1 }), 'one');
  await hand.apply(policy('applied', { priority: 2 }), 'two');
  await hand.apply(policy('applied', { priority: 2 }), 'two', force);
  await hand.apply(
    policy('applied', { placement: { clusterAffinity: { clusterNames: ['member2', 'member1'] } } }),
    'one',
  );
  await hand.apply(policy('applied', { placement: { clusterAffinity: { clusterNames: ['member2'] } } }), 'one', force);
  await hand.apply(policy('applied', { nothing: 1 }), 'one');
  await hand.apply(policy('applied', { priority: 'high' }), 'one');
  await hand.patch(policy('plain'), 'merge', { spec: { preserveResourcesOnDeletion: true } });
  await hand.patch(policy('plain'), 'merge', { spec: { preserveResourcesOnDeletion: null, priority: null } });
  await hand.patch(policy('plain'), 'strategic', { spec: { priority: 1 } });
  await hand.patch(policy('plain'), 'merge', { spec: { priority: 'high' } });
  await hand.patch(policy('plain'), 'json', [{ op: 'replace', path: '/spec/priority', value: 9 }]);
  const live = await hand.get(policy('plain'));
  await hand.update({ ...live, spec: { ...live.spec, priority: 4 } });
  await hand.update(policy('plain'));
  await hand.delete(policy('plain'));
}

async function bindings(hand: Hand): Promise<void> {
  const binding = (spec: object = {}) =>
    object('work.karmada.io/v1alpha2', 'ResourceBinding', 'bound', {
      spec: { resource: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' }, ...spec },
    });
  await hand.create(binding({ replicas: 2, status: 1 }));
  await hand.patch(binding(), 'merge', { spec: { clusters: [{ name: 'member1', replicas: 2 }] } }, 'scheduler');
  await hand.patch(binding(), 'merge', { metadata: { annotations: { a: '1' } } }, 'scheduler');
  await hand.patch(binding(), 'merge', { status: { schedulerObservedGeneration: 2 } }, 'scheduler');
  await hand.patch(binding(), 'merge', { status: { schedulerObservedGeneration: 2 } }, 'scheduler', 'status');
  await hand.patch(binding(), 'merge', { status: { conditions: [{ type: 'Scheduled' }] } }, 'scheduler', 'status');
  const work = object('work.karmada.io/v1alpha1', 'Work', 'work', {
    spec: {
      workload: { manifests: [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data: { a: '1' } }] },
    },
  });
  await hand.create(work);
  await hand.create({
    ...work,
    metadata: { name: 'other' },
    spec: { workload: { manifests: [{ kind: 'ConfigMap' }] } },
  });
  await hand.patch(work, 'merge', { metadata: { finalizers: ['karmada.io/execution-controller'] } }, 'execution');
  await hand.delete(work);
  await hand.patch(work, 'merge', { metadata: { finalizers: null } }, 'execution');
}

export const customScripts: readonly Script[] = [
  { name: 'custom-policies', run: policies },
  { name: 'custom-bindings', run: bindings },
];

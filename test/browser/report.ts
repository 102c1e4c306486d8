/** A verification of 300 objects of which three differ; one is called what nobody should call a thing. */
import type { Difference } from '#migrate/evidence/compare.ts';
import type { EvidenceSet, ObjectEvidence } from '#migrate/evidence/evidence.ts';
import { type MigrationPlan, type PlannedObject, planApiVersion } from '#migrate/model.ts';
import type { Report } from '#migrate/verify/report.ts';

export const hostile = '"><script>document.title = 1</script><img src=x onerror=alert(1)><b>';

const count = 300;
const cluster = 'member1';
const time = '2026-01-01T00:00:00Z';

const deployments: readonly PlannedObject[] = Array.from({ length: count }, (_, index) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  namespace: index === count - 1 ? hostile : 'shop',
  name: `web-${index}`,
  uid: `uid-${index}`,
  resourceVersion: '1',
  wave: 2,
  verdict: { is: 'adopt' },
}));

export const plan: MigrationPlan = {
  apiVersion: planApiVersion,
  kind: 'MigrationPlan',
  metadata: { name: 'shop', creationTimestamp: time },
  spec: { from: { cluster, id: 'id' }, to: [cluster], scope: {} },
  waves: [{ number: 2, title: 'workloads', objects: count }],
  objects: deployments,
};

const evidenceOf = ({ apiVersion, kind, namespace, name, uid }: PlannedObject): ObjectEvidence => ({
  apiVersion,
  kind,
  namespace: namespace!,
  name,
  uid,
  generation: 2,
  hash: 'a'.repeat(64),
  fields: {},
  pods: [
    {
      name: `${name}-x`,
      uid: `pod-${uid}`,
      startTime: time,
      node: `node-${'long'.repeat(40)}`,
      ip: '10.1.0.1',
      ready: true,
      containers: [{ name: 'web', id: 'containerd://1', restarts: 0, started: time }],
    },
  ],
});

export const evidence: EvidenceSet = {
  plan: 'shop',
  key: 'key',
  takenAt: time,
  clusters: [{ cluster, takenAt: time, objects: deployments.map(evidenceOf) }],
  unseen: [],
};

const differences: readonly Difference[] = [
  {
    is: 'drift',
    cluster,
    object: `ConfigMap shop/${hostile}`,
    what: `changed in the cluster by ${hostile}: .data.x`,
    fields: [{ path: '.data.x', by: 'somebody', manager: hostile, before: JSON.stringify(hostile) }],
  },
  { is: 'change', cluster, object: 'Service shop/web', what: `no longer leads to ${'10.1.0.1:8080, '.repeat(60)}` },
  {
    is: 'note',
    cluster,
    object: 'Deployment shop/web-7',
    what: 'set by a controller: .spec.replicas',
  },
  {
    is: 'restart',
    cluster,
    object: 'Deployment shop/web-7',
    what: 'Pod web-7-x is gone',
    fields: [{ path: '.spec.replicas', by: 'migration', before: '2', after: '3' }],
  },
];

export const report: Report = {
  apiVersion: planApiVersion,
  kind: 'MigrationReport',
  plan: 'shop',
  cluster,
  clusters: [cluster],
  state: 'applied' as Report['state'],
  before: time,
  after: time,
  proven: false,
  verdict: `Not proven: 1 object restarted, ${hostile}`,
  coverage: {
    objects: count,
    pods: count,
    containers: count,
    revisions: count,
    endpoints: 0,
    there: 0,
    copies: 0,
    managed: count,
    givenBack: 0,
  },
  expected: { controllers: 1, templates: 0, plan: 0 },
  differences,
  unmanaged: [{ object: `Deployment shop/${hostile}`, cluster, why: hostile }],
  open: 0,
  leftOut: [],
  unseen: [],
  inputs: { 'plan.yaml': 'b'.repeat(64) },
  checksum: 'c'.repeat(64),
  seal: 'd'.repeat(64),
};

/** The configuration every API server is born with: kube-apiserver's mandatory and suggested objects. */
import type { FlowSchemaSpec, LevelSpec, PolicyRules, Queuing, ResourceRule, Subject } from './objects.ts';

export interface Wanted<S> {
  readonly name: string;
  readonly spec: S;
  /** Without it no request could be classified: its spec is always put back. */
  readonly mandatory: boolean;
}

const level = (shares: number, lendablePercent: number, queuing?: Queuing): LevelSpec => ({
  type: 'Limited',
  limited: {
    nominalConcurrencyShares: shares,
    limitResponse: queuing ? { type: 'Queue', queuing } : { type: 'Reject' },
    lendablePercent,
  },
});

const queues = (count: number, handSize: number): Queuing => ({ queues: count, handSize, queueLengthLimit: 50 });

export const exemptLevel: Wanted<LevelSpec> = {
  name: 'exempt',
  mandatory: true,
  spec: { type: 'Exempt', exempt: { nominalConcurrencyShares: 0, lendablePercent: 0 } },
};

export const catchAllLevel: Wanted<LevelSpec> = { name: 'catch-all', mandatory: true, spec: level(5, 0) };

const suggested = <S>(name: string, spec: S): Wanted<S> => ({ name, mandatory: false, spec });

export const bootstrapLevels: readonly Wanted<LevelSpec>[] = [
  suggested('system', level(30, 33, queues(64, 6))),
  suggested('node-high', level(40, 25, queues(64, 6))),
  suggested('leader-election', level(10, 0, queues(16, 4))),
  suggested('workload-high', level(40, 50, queues(128, 6))),
  suggested('workload-low', level(100, 90, queues(128, 6))),
  suggested('global-default', level(20, 50, queues(128, 6))),
  catchAllLevel,
  exemptLevel,
];

const groups = (...names: readonly string[]): readonly Subject[] =>
  names.map((name) => ({ kind: 'Group', group: { name } }));
const users = (...names: readonly string[]): readonly Subject[] =>
  names.map((name) => ({ kind: 'User', user: { name } }));
const systemAccounts: Subject = { kind: 'ServiceAccount', serviceAccount: { namespace: 'kube-system', name: '*' } };

const resources = (
  verbs: readonly string[],
  group: string,
  names: readonly string[],
  clusterScope: boolean,
): ResourceRule => ({
  verbs,
  apiGroups: [group],
  resources: names,
  ...(clusterScope ? { clusterScope } : {}),
  namespaces: ['*'],
});

const everything = (subjects: readonly Subject[]): PolicyRules => ({
  subjects,
  resourceRules: [resources(['*'], '*', ['*'], true)],
  nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
});

const spec = (
  levelName: string,
  matchingPrecedence: number,
  distinguisher: '' | 'ByUser' | 'ByNamespace',
  rules: PolicyRules,
): FlowSchemaSpec => ({
  priorityLevelConfiguration: { name: levelName },
  matchingPrecedence,
  ...(distinguisher ? { distinguisherMethod: { type: distinguisher } } : {}),
  rules: [rules],
});

const everybody = groups('system:unauthenticated', 'system:authenticated');
const leases = 'coordination.k8s.io';
const controllerManager = 'system:kube-controller-manager';
const scheduler = 'system:kube-scheduler';

export const exemptSchema: Wanted<FlowSchemaSpec> = {
  name: 'exempt',
  mandatory: true,
  spec: spec('exempt', 1, '', everything(groups('system:masters'))),
};

export const catchAllSchema: Wanted<FlowSchemaSpec> = {
  name: 'catch-all',
  mandatory: true,
  spec: spec('catch-all', 10_000, 'ByUser', everything(everybody)),
};

export const bootstrapSchemas: readonly Wanted<FlowSchemaSpec>[] = [
  suggested('system-nodes', spec('system', 500, 'ByUser', everything(groups('system:nodes')))),
  suggested(
    'system-node-high',
    spec('node-high', 400, 'ByUser', {
      subjects: groups('system:nodes'),
      resourceRules: [
        resources(['*'], '', ['nodes', 'nodes/status'], true),
        resources(['*'], leases, ['leases'], false),
      ],
    }),
  ),
  suggested(
    'probes',
    spec('exempt', 2, '', {
      subjects: everybody,
      nonResourceRules: [{ verbs: ['get'], nonResourceURLs: ['/healthz', '/readyz', '/livez'] }],
    }),
  ),
  suggested(
    'system-leader-election',
    spec('leader-election', 100, 'ByUser', {
      subjects: [...users(controllerManager, scheduler), systemAccounts],
      resourceRules: [resources(['get', 'create', 'update'], leases, ['leases'], false)],
    }),
  ),
  suggested('kube-controller-manager', spec('workload-high', 800, 'ByNamespace', everything(users(controllerManager)))),
  suggested('kube-scheduler', spec('workload-high', 800, 'ByNamespace', everything(users(scheduler)))),
  suggested('kube-system-service-accounts', spec('workload-high', 900, 'ByNamespace', everything([systemAccounts]))),
  suggested('service-accounts', spec('workload-low', 9_000, 'ByUser', everything(groups('system:serviceaccounts')))),
  suggested('global-default', spec('global-default', 9_900, 'ByUser', everything(everybody))),
  exemptSchema,
  catchAllSchema,
];

/** Every refusal of compatibility.md section 7 for policies, with its path and its words. */
import { describe, expect, it } from 'vitest';
import type { AdmissionResponse } from '#kube/admission/review.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { type Anything, ask, id, policy, selector } from './policy.fixture.ts';
import { validatePolicy } from './validate.ts';

const refusal = (object: KubeObject, oldObject?: KubeObject): string => {
  const answer = validatePolicy(ask(object, oldObject)) as AdmissionResponse;
  return answer.allowed ? 'allowed' : answer.message;
};
const ofPlacement = (placement: Anything) => refusal(policy({ placement }));

describe('for its life', () => {
  it('a policy keeps its scheduler and its id', () => {
    expect(refusal(policy({ schedulerName: 'other' }), policy({}))).toBe('the schedulerName should not be updated');
    expect(refusal(policy({}, { labels: { [id]: 'another' } }), policy({}))).toBe(
      `label ${id} is immutable, it can only be set by the system during creation`,
    );
    expect(refusal(policy({}, { labels: {} }))).toBe(
      `label ${id} is required, it should be set by the mutating admission webhook during creation`,
    );
    expect(refusal(policy({}), policy({ priority: 3 }))).toBe('allowed');
  });

  it('ends, whatever it says: what holds it back can be taken off', () => {
    const wrong = policy({ preemption: 'Always' }, { deletionTimestamp: 'now' });
    expect(refusal(wrong, wrong)).toBe('allowed');
  });
});

describe('which clusters', () => {
  const group = (affinityName: string, more: Anything = {}) => ({ affinityName, clusterNames: ['m1'], ...more });
  const overflowing = (overflow: readonly Anything[], more: Anything = {}, replicaScheduling: unknown = byRoom) => ({
    clusterAffinities: [group('a', { overflowAffinities: overflow, ...more })],
    replicaScheduling,
  });
  const byRoom = { replicaSchedulingType: 'Divided', replicaDivisionPreference: 'Aggregated' };
  const room = 'overflowAffinities can only be used together with dynamic weight or aggregated scheduling';

  it.each<[string, Anything, string]>([
    [
      'one group or an ordered list of them',
      { clusterAffinity: { clusterNames: ['m1'] }, clusterAffinities: [] },
      'spec.placement: Invalid value: {"clusterAffinity":{"clusterNames":["m1"]},"clusterAffinities":[]}: clusterAffinities cannot co-exist with clusterAffinity',
    ],
    [
      'fields that clusters have',
      { clusterAffinity: { fieldSelector: { matchExpressions: [{ key: 'size', operator: 'Exists' }] } } },
      '[spec.placement.clusterAffinity.fieldSelector.matchExpressions[0].key: Unsupported value: "size": supported values: "provider", "region", "zone", ' +
        'spec.placement.clusterAffinity.fieldSelector.matchExpressions[0].operator: Unsupported value: "Exists": supported values: "In", "NotIn"]',
    ],
    [
      'labels as Kubernetes selects by them',
      { clusterAffinity: { labelSelector: { matchExpressions: [{ key: 'a', operator: 'Is' }] } } },
      'spec.placement.clusterAffinity.labelSelector.matchExpressions[0].operator: Invalid value: "Is": not a valid selector operator',
    ],
    [
      'names of groups that are label keys',
      { clusterAffinities: [group('-a')] },
      expect.stringMatching(
        /^spec\.placement\.clusterAffinities\[0\]\.affinityName: Invalid value: "-a": name part must/,
      ),
    ],
    [
      'each name once',
      { clusterAffinities: [group('a'), group('b'), group('a')] },
      'spec.placement.clusterAffinities[2].affinityName: Invalid value: "a": each affinity term in a policy must have a unique name',
    ],
    [
      'overflow where room counts',
      overflowing([group('b')], {}, { replicaSchedulingType: 'Duplicated' }),
      `spec.placement.clusterAffinities[0].overflowAffinities: Invalid value: ["b"]: ${room}`,
    ],
    [
      'overflow where room counts, not fixed weights',
      overflowing([group('b')], {}, { replicaSchedulingType: 'Divided', replicaDivisionPreference: 'Weighted' }),
      `spec.placement.clusterAffinities[0].overflowAffinities: Invalid value: ["b"]: ${room}`,
    ],
    [
      'overflow from somewhere',
      overflowing([group('b')], { clusterNames: undefined }),
      'spec.placement.clusterAffinities[0].overflowAffinities: Invalid value: ["b"]: overflowAffinities can only be used together with the inline ClusterAffinity',
    ],
    [
      'overflow to other names',
      overflowing([group('b'), group('a'), group('b')]),
      '[spec.placement.clusterAffinities[0].overflowAffinities[1].affinityName: Invalid value: "a": overflow affinity name must be unique and must not duplicate the primary group\'s affinityName, ' +
        'spec.placement.clusterAffinities[0].overflowAffinities[2].affinityName: Invalid value: "b": overflow affinity name must be unique and must not duplicate the primary group\'s affinityName]',
    ],
    ...[{ labelSelector: {} }, { fieldSelector: {} }, { exclude: ['m2'] }].map((from): [string, Anything, string] => [
      'overflow from whatever is restricted in one way',
      overflowing([group('b')], { clusterNames: undefined, ...from }),
      'allowed',
    ]),
    ['overflow to any number of groups', overflowing([group('b'), group('c')]), 'allowed'],
    [
      'overflow by dynamic weight',
      overflowing(
        [group('b')],
        {},
        {
          replicaSchedulingType: 'Divided',
          replicaDivisionPreference: 'Weighted',
          weightPreference: { dynamicWeight: 'AvailableReplicas' },
        },
      ),
      'allowed',
    ],
    [
      'weights of clusters by their fields',
      {
        replicaScheduling: {
          weightPreference: {
            staticWeightList: [
              { weight: 1, targetCluster: { fieldSelector: { matchExpressions: [{ key: 'x', operator: 'In' }] } } },
            ],
          },
        },
      },
      'spec.placement.replicaScheduling.weightPreference.staticWeightList[0].targetCluster.fieldSelector.matchExpressions[0].key: Unsupported value: "x": supported values: "provider", "region", "zone"',
    ],
  ])('%s', (_what, placement, said) => {
    expect(ofPlacement(placement)).toEqual(said);
  });
});

describe('how they are spread', () => {
  const at = 'spec.placement.spreadConstraints';
  it.each<[string, readonly Anything[], string]>([
    [
      'by a field or by a label',
      [{ spreadByField: 'cluster', spreadByLabel: 'a' }],
      `${at}[0]: Invalid value: {"spreadByField":"cluster","spreadByLabel":"a"}: spreadByLabel should not co-exist with spreadByField`,
    ],
    [
      'in no negative number of groups',
      [{ spreadByField: 'cluster', minGroups: -1, maxGroups: -2 }],
      `[${at}[0].minGroups: Invalid value: -1: minGroups lower than 0 is not allowed, ${at}[0].maxGroups: Invalid value: -2: maxGroups lower than 0 is not allowed]`,
    ],
    [
      'in no fewer than at least asked for',
      [{ spreadByField: 'cluster', minGroups: 3, maxGroups: 2 }],
      `${at}[0].maxGroups: Invalid value: 2: maxGroups lower than minGroups is not allowed`,
    ],
    ['in exactly so many', [{ spreadByField: 'cluster', minGroups: 2, maxGroups: 2 }], 'allowed'],
    [
      'in one at most, but not in two at least',
      [{ spreadByField: 'cluster', minGroups: 2, maxGroups: 1 }],
      `${at}[0].maxGroups: Invalid value: 1: maxGroups lower than minGroups is not allowed`,
    ],
    ['in so many at most', [{ spreadByField: 'cluster', maxGroups: 1 }], 'allowed'],
    ['in none at most, which is a number too', [{ spreadByField: 'cluster', minGroups: 3, maxGroups: 0 }], 'allowed'],
    [
      'by each field once',
      [{ spreadByField: 'cluster' }, { spreadByField: 'cluster' }, { spreadByField: 'cluster' }],
      `${at}: Invalid value: ["cluster","cluster","cluster"]: multiple cluster spread constraints are not allowed`,
    ],
    [
      'over regions only together with clusters',
      [{ spreadByField: 'region' }],
      `${at}: Invalid value: ["region"]: the cluster spread constraint must be enabled in one of the constraints in case of SpreadByField is enabled`,
    ],
    ['over regions and clusters', [{ spreadByField: 'region' }, { spreadByField: 'cluster' }], 'allowed'],
    ['by labels alone', [{ spreadByLabel: 'rack' }], 'allowed'],
  ])('%s', (_what, spreadConstraints, said) => {
    expect(ofPlacement({ spreadConstraints })).toBe(said);
  });
});

describe('what they tolerate', () => {
  const at = 'spec.placement.clusterTolerations[0]';
  it.each<[Anything, unknown]>([
    [
      { key: 'a', operator: 'Gt', value: '3' },
      `${at}.operator: Unsupported value: "Gt": supported values: "Equal", "Exists"`,
    ],
    [
      { key: 'a', operator: 'Lt', value: '3' },
      `${at}.operator: Unsupported value: "Lt": supported values: "Equal", "Exists"`,
    ],
    [
      { operator: 'Equal' },
      `${at}.operator: Invalid value: "Equal": operator must be Exists when \`key\` is empty, which means "match all values and all keys"`,
    ],
    [
      { key: 'a', operator: 'Exists', value: 'b' },
      `${at}.operator: Invalid value: "b": value must be empty when \`operator\` is 'Exists'`,
    ],
    [
      { key: 'a b' },
      expect.stringMatching(/^spec\.placement\.clusterTolerations\[0\]\.key: Invalid value: "a b": name/),
    ],
    [{ key: 'a', value: '-' }, expect.stringMatching(/\.operator: Invalid value: "-": a valid label must be/)],
    [
      { key: 'a', effect: 'Never' },
      `${at}.effect: Unsupported value: "Never": supported values: "NoSchedule", "PreferNoSchedule", "NoExecute"`,
    ],
    [
      { key: 'a', effect: 'NoSchedule', tolerationSeconds: 3 },
      `${at}.effect: Invalid value: "NoSchedule": effect must be 'NoExecute' when \`tolerationSeconds\` is set`,
    ],
    [{ operator: 'Exists' }, 'allowed'],
    [{ key: 'a', value: 'b', effect: 'NoExecute', tolerationSeconds: 3 }, 'allowed'],
  ])('%j', (toleration, said) => {
    expect(ofPlacement({ clusterTolerations: [toleration] })).toEqual(said);
  });
});

describe('with whom they want to be', () => {
  const at = 'spec.placement.workloadAffinity';
  it.each<[Anything, unknown]>([
    [{ affinity: { groupByLabelKey: '' } }, `${at}.affinity.groupByLabelKey: Required value`],
    [
      { antiAffinity: { groupByLabelKey: 'a key' } },
      expect.stringMatching(
        /^spec\.placement\.workloadAffinity\.antiAffinity\.groupByLabelKey: Invalid value: "a key"/,
      ),
    ],
    [
      { affinity: { groupByLabelKey: 'app' }, antiAffinity: { groupByLabelKey: 'app' } },
      `${at}: Invalid value: {"affinity":{"groupByLabelKey":"app"},"antiAffinity":{"groupByLabelKey":"app"}}: affinity and antiAffinity must not use the same groupByLabelKey`,
    ],
    [{ affinity: { groupByLabelKey: 'app' }, antiAffinity: { groupByLabelKey: 'team' } }, 'allowed'],
  ])('%j', (workloadAffinity, said) => {
    expect(ofPlacement({ workloadAffinity })).toEqual(said);
  });
});

describe('when something fails', () => {
  const at = 'spec.failover.application';
  const base = { decisionConditions: { tolerationSeconds: 300 }, purgeMode: 'Directly' };
  const rule = (aliasLabelName: string, jsonPath = '{.replicas}') => ({ rules: [{ aliasLabelName, jsonPath }] });
  it.each<[Anything, unknown]>([
    [
      { purgeMode: 'Directly', gracePeriodSeconds: 5 },
      `${at}.gracePeriodSeconds: Invalid value: 5: only takes effect when purgeMode is gracefully`,
    ],
    [
      { purgeMode: 'Gracefully' },
      `${at}.gracePeriodSeconds: Invalid value: null: should not be empty when purgeMode is gracefully`,
    ],
    [
      { purgeMode: 'Gracefully', gracePeriodSeconds: 0 },
      `${at}.gracePeriodSeconds: Invalid value: 0: must be greater than 0`,
    ],
    [
      { decisionConditions: { tolerationSeconds: -1 } },
      `${at}.decisionConditions.tolerationSeconds: Invalid value: -1: must be greater than or equal to 0`,
    ],
    [
      { statePreservation: rule('-a') },
      expect.stringMatching(
        /application\.statePreservation\.rules\[0\]\.aliasLabelName: Invalid value: "-a": name part must/,
      ),
    ],
    [{ statePreservation: rule('example.com/state') }, 'allowed'],
    [{ statePreservation: rule('example.com/moved', 'yes') }, 'allowed'],
    [{ purgeMode: 'Gracefully', gracePeriodSeconds: 5 }, 'allowed'],
    [{}, 'allowed'],
  ])('%j', (application, said) => {
    const failover = { application: { ...base, ...application } };
    expect(refusal(policy({ propagateDeps: true, failover }))).toEqual(said);
  });

  it('brings what the application needs along', () => {
    expect(refusal(policy({ failover: { application: base } }))).toBe(
      'spec.propagateDeps: Invalid value: false: application failover is set, propagateDeps must be true',
    );
  });

  it.each([
    ['{.job.id', "unclosed action; write it as in '{.replicas}'"],
    ['.job.id', "it has no path in braces, and is itself no label value; write it as in '{.replicas}'"],
  ])('finds what it carries by a path, and not by %j', (jsonPath, why) => {
    const statePreservation = rule('job', jsonPath);
    const field = 'statePreservation.rules[0].jsonPath: Invalid value';
    const said = `${JSON.stringify(jsonPath)}: ${why}`;
    expect(refusal(policy({ propagateDeps: true, failover: { application: { ...base, statePreservation } } }))).toBe(
      `spec.failover.application.${field}: ${said}`,
    );
    expect(refusal(policy({ failover: { cluster: { purgeMode: 'Directly', statePreservation } } }))).toBe(
      `spec.failover.cluster.${field}: ${said}`,
    );
  });

  it('keeps of a cluster’s state what has a name', () => {
    expect(
      refusal(policy({ failover: { cluster: { purgeMode: 'Directly', statePreservation: rule('a b') } } })),
    ).toMatch(/^spec\.failover\.cluster\.statePreservation\.rules\[0\]\.aliasLabelName: Invalid value: "a b"/);
  });
});

describe('which templates', () => {
  it.each<[string, Anything, string, string]>([
    [
      'those of its own namespace',
      { resourceSelectors: [{ ...selector, namespace: 'other' }] },
      'PropagationPolicy',
      'spec.resourceSelectors[0].namespace: Invalid value: "other": the namespace of resourceSelector must be the same as the namespace of propagationPolicy',
    ],
    [
      'those of any namespace',
      { resourceSelectors: [{ ...selector, namespace: 'other' }] },
      'ClusterPropagationPolicy',
      'allowed',
    ],
    [
      'named ones where it takes from others',
      { preemption: 'Always', resourceSelectors: [{ ...selector, name: 'a' }, selector] },
      'PropagationPolicy',
      'spec.resourceSelectors[1].name: Invalid value: "": name cannot be empty if preemption is Always, the empty name may cause unexpected resources preemption',
    ],
    [
      'by labels that can be read',
      { resourceSelectors: [{ ...selector, labelSelector: { matchExpressions: [{ key: 'a', operator: 'In' }] } }] },
      'ClusterPropagationPolicy',
      "spec.resourceSelectors[0].labelSelector.matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'",
    ],
  ])('%s', (_what, spec, kind, said) => {
    expect(refusal(policy(spec, {}, kind))).toBe(said);
  });
});

it('is warned of where it stands, when nothing is ever propagated from there', () => {
  const warnings = (namespace: string, kind?: string) => {
    const resourceSelectors = [{ ...selector, namespace }];
    const answer = validatePolicy(ask(policy({ resourceSelectors }, { namespace }, kind))) as AdmissionResponse;
    return answer.warnings;
  };
  expect(warnings('karmada-es-member1')).toEqual([expect.stringContaining('karmada-es-member1, which is reserved')]);
  expect(warnings('kube-system')).toEqual([expect.stringContaining('unless --skipped-propagating-namespaces')]);
  expect([warnings('shop'), warnings('kube-system', 'ClusterPropagationPolicy')]).toEqual([undefined, undefined]);
});

describe('what is held back', () => {
  const both = { dispatching: true, dispatchingOnClusters: { clusterNames: ['m1'] } };
  it.each<[Anything, string]>([
    [
      both,
      `spec.suspension: Invalid value: ${JSON.stringify(both)}: suspension dispatching cannot co-exist with dispatchingOnClusters.clusterNames`,
    ],
    [{ ...both, dispatching: false }, 'allowed'],
    [{ ...both, dispatchingOnClusters: { clusterNames: [] } }, 'allowed'],
  ])('%j', (suspension, said) => {
    expect(refusal(policy({ suspension }))).toBe(said);
  });
});

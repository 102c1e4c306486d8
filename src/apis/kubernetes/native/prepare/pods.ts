/** New Pods: phase Pending, their quality of service class, and label keys written out into selectors. */
import type { KubeObject } from '#kube/meta/object.ts';
import { type Fields, fieldsOf, isFields, itemsOf, mapList, withField } from '../value.ts';
import { contentOf, keepStatus, type Preparation } from './preparation.ts';
import { qosClass } from './qos.ts';

export const pods: Preparation = {
  create,
  update: keepStatus,
  // Kubelets may leave it out.
  status: (pod, old) => {
    const status = fieldsOf(contentOf(pod).status);
    const { qosClass: before } = fieldsOf(contentOf(old).status);
    return status.qosClass || !before ? pod : withField(pod, 'status', { ...status, qosClass: before });
  },
};

function create(pod: KubeObject): KubeObject {
  const spec = fieldsOf(contentOf(pod).spec);
  const status = {
    phase: 'Pending',
    qosClass: qosClass(spec),
    ...gatedCondition(spec, pod.metadata.creationTimestamp ?? null),
  };
  const selected = withLabelKeys(spec, pod.metadata.labels ?? {});
  return { ...pod, ...(selected === spec ? {} : { spec: selected }), status } as KubeObject;
}

function gatedCondition(spec: Fields, since: string | null): Fields {
  if (itemsOf(spec.schedulingGates).length === 0) return {};
  const condition = {
    type: 'PodScheduled',
    status: 'False',
    lastProbeTime: null,
    lastTransitionTime: since,
    reason: 'SchedulingGated',
    message: 'Scheduling is blocked due to non-empty scheduling gates',
  };
  return { conditions: [condition] };
}

/** matchLabelKeys and mismatchLabelKeys become requirements with the Pod's own values. */
function withLabelKeys(spec: Fields, labels: Fields): Fields {
  const affinity = fieldsOf(spec.affinity);
  let next = affinity;
  for (const name of ['podAffinity', 'podAntiAffinity']) {
    if (isFields(affinity[name])) next = withField(next, name, affinityTerms(affinity[name], labels));
  }
  const constraints = mapList(itemsOf(spec.topologySpreadConstraints), (each) => withRequirements(each, labels));
  const withAffinity = next === affinity ? spec : { ...spec, affinity: next };
  return constraints === spec.topologySpreadConstraints || constraints.length === 0
    ? withAffinity
    : { ...withAffinity, topologySpreadConstraints: constraints };
}

const required = 'requiredDuringSchedulingIgnoredDuringExecution';
const preferred = 'preferredDuringSchedulingIgnoredDuringExecution';

function affinityTerms(affinity: Fields, labels: Fields): Fields {
  let next = affinity;
  if (Array.isArray(affinity[required])) {
    next = withField(
      next,
      required,
      mapList(itemsOf(affinity[required]), (term) => withRequirements(term, labels)),
    );
  }
  if (Array.isArray(affinity[preferred])) {
    const weighted = mapList(itemsOf(affinity[preferred]), (each) =>
      withField(each, 'podAffinityTerm', withRequirements(fieldsOf(each.podAffinityTerm), labels)),
    );
    next = withField(next, preferred, weighted);
  }
  return next;
}

function withRequirements(term: Fields, labels: Fields): Fields {
  if (!isFields(term.labelSelector)) return term;
  const added = [
    ...requirements(term.matchLabelKeys, 'In', labels),
    ...requirements(term.mismatchLabelKeys, 'NotIn', labels),
  ];
  if (added.length === 0) return term;
  const matchExpressions = [...itemsOf(term.labelSelector.matchExpressions), ...added];
  return { ...term, labelSelector: { ...term.labelSelector, matchExpressions } };
}

function requirements(keys: unknown, operator: string, labels: Fields): readonly Fields[] {
  const names = Array.isArray(keys) ? (keys as readonly string[]) : [];
  return names.filter((key) => labels[key] !== undefined).map((key) => ({ key, operator, values: [labels[key]] }));
}

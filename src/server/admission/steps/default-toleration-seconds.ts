/** DefaultTolerationSeconds: a Pod stays on a node that is not ready or not reachable for five minutes. */
import type { JsonObject, UnstructuredObject } from '#kube/meta/object.ts';
import { type AdmissionStep, handlesResource } from '../step.ts';

/** kube-apiserver's --default-not-ready-toleration-seconds and its sibling. */
const tolerationSeconds = 300;

const taints = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'] as const;

const covers = (toleration: JsonObject, taint: string): boolean =>
  (toleration.key === taint || !toleration.key) && (toleration.effect === 'NoExecute' || !toleration.effect);

export const defaultTolerationSeconds: AdmissionStep = {
  name: 'DefaultTolerationSeconds',
  phase: 'mutate',
  handles: handlesResource('', 'pods', ['CREATE', 'UPDATE']),
  review: ({ object }) => {
    const pod = object as UnstructuredObject;
    const spec = (pod.spec ?? {}) as JsonObject;
    const tolerations = (spec.tolerations ?? []) as readonly JsonObject[];
    const missing = taints.filter((taint) => !tolerations.some((toleration) => covers(toleration, taint)));
    if (missing.length === 0) return { allowed: true };
    const added = missing.map((key) => ({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds }));
    return {
      allowed: true,
      object: { ...pod, spec: { ...spec, tolerations: [...tolerations, ...added] } } as UnstructuredObject,
    };
  },
};

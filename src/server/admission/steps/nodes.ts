/** TaintNodesByCondition and PodTopologyLabels: what nodes and the Pods on them begin with. */
import type { Node, Pod } from '#apis/kubernetes/types.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { type AdmissionStep, handlesResource } from '../step.ts';

interface Binding extends KubeObject {
  readonly target?: { readonly kind?: string; readonly name?: string };
}

const notReady = { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' } as const;

/** A new node takes no Pods until somebody has seen that it is ready. */
export const taintNodes: AdmissionStep = {
  name: 'TaintNodesByCondition',
  phase: 'mutate',
  handles: handlesResource('', 'nodes', ['CREATE']),
  review: ({ object }) => {
    const node = object as Node;
    const taints = node.spec?.taints ?? [];
    if (taints.some(({ key, effect }) => key === notReady.key && effect === notReady.effect)) return undefined;
    return { allowed: true, object: { ...node, spec: { ...node.spec, taints: [...taints, notReady] } } as KubeObject };
  },
};

const copied = ['topology.kubernetes.io/zone', 'topology.kubernetes.io/region'];

/** A Pod has the zone and the region of its node as labels from its binding on. */
export function podTopologyLabels(findNode: (name: string) => KubeObject | undefined): AdmissionStep {
  const labelsOf = (node: string | undefined): Readonly<Record<string, string>> => {
    const labels = (node && findNode(node)?.metadata.labels) || {};
    return Object.fromEntries(copied.flatMap((key) => (labels[key] === undefined ? [] : [[key, labels[key]]])));
  };
  return {
    name: 'PodTopologyLabels',
    phase: 'mutate',
    handles: ({ group, resource, subresource, operation }) =>
      group === '' &&
      resource === 'pods' &&
      operation === 'CREATE' &&
      (subresource === '' || subresource === 'binding'),
    review: ({ object, path }) => {
      const bound = path.subresource === 'binding';
      const { target } = object as Binding;
      const node = bound ? (target?.kind === 'Node' ? target.name : undefined) : (object as Pod).spec.nodeName;
      const added = labelsOf(node);
      if (Object.keys(added).length === 0) return undefined;
      const { metadata } = object!;
      return {
        allowed: true,
        object: { ...object!, metadata: { ...metadata, labels: { ...metadata?.labels, ...added } } },
      };
    },
  };
}

/** Which nodes a DaemonSet runs on: those its template asks for and that let it. Pure. */

import { asksFor } from '#apis/kubernetes/fit/node-affinity.ts';
import { untolerated } from '#apis/kubernetes/fit/taints.ts';
import type { DaemonSet, Node } from '#apis/kubernetes/types.ts';
import { tolerationsOf } from './pod.ts';

export interface Eligibility {
  /** A daemon is to be started there. */
  readonly starts: boolean;
  /** One that runs there may stay. */
  readonly stays: boolean;
}

export function eligibility({ spec }: DaemonSet, node: Node): Eligibility {
  const pod = spec.template.spec;
  if ((pod.nodeName && pod.nodeName !== node.metadata.name) || !asksFor(pod, node))
    return { starts: false, stays: false };
  const tolerations = tolerationsOf(pod);
  const { taints } = node.spec;
  return {
    starts: !untolerated(taints, tolerations, ['NoSchedule', 'NoExecute']),
    stays: !untolerated(taints, tolerations, ['NoExecute']),
  };
}

/** A server that has no kubelets behind it: a control plane. It says so, and where Pods are. */
import { DialError, KubeletError, type Nodes } from '#kube/connect/nodes.ts';

export function withoutNodes(server: string): Nodes {
  const why = `${server} runs no Pods: no kubelet answers here; ask the cluster that the Pod runs in`;
  const refuse = () => {
    throw new KubeletError(503, why);
  };
  const dial = () => {
    throw new DialError(why);
  };
  return { logs: refuse, exec: refuse, attach: refuse, portForward: refuse, dialPod: dial, dialKubelet: dial };
}

/** kube-apiserver on etcd as a contestant: durable, without controllers. */
import { missingBinaries } from '#harness/real-binaries.ts';
import { startRealKubernetes } from '#harness/real-kubernetes.ts';
import type { Contestant } from './contestant.ts';

/** undefined where `npm run test:conformance` has not built it. */
export async function startReal(): Promise<Contestant | undefined> {
  if (missingBinaries().length > 0) return undefined;
  const { access, pids, restart, stop } = await startRealKubernetes({ durable: true });
  return { prefix: 'kube-apiserver: ', access, pids, restart, stop };
}

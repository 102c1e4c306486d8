/** The real kube-controller-manager, with some of its controllers, on an API server of our own. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { httpClient } from '#client/http.ts';
import { type StartedCommand, start } from '#harness/command.ts';
import { kubeconfigOf } from '#harness/credentials.ts';
import { type Anything, type Kubectl, kubectl } from '#harness/kubectl.ts';
import { startOwnKubernetes } from '#harness/own-kubernetes.ts';
import { type BinaryName, binaryPath } from '#harness/real-binaries.ts';
import { until } from '#harness/until.ts';
import type { ResourceRef } from '#kube/meta/kind.ts';
import { systemClock } from '#world/clock/system.ts';

export const managerBinary: BinaryName = 'kube-controller-manager';

export interface ManagedCluster {
  readonly hands: Kubectl;
  readonly manager: StartedCommand;
  /** Of an administrator, for other programs. */
  readonly kubeconfig: string;
  /** Those of a namespace, when there are so many. */
  readonly counted: (
    apiVersion: string,
    kind: string,
    namespace: string,
    count: number,
  ) => Promise<readonly Anything[]>;
  readonly stop: () => Promise<void>;
}

/** `prepare`: what is there before the controllers start. */
export async function startManaged(
  controllers: readonly string[],
  refs: readonly ResourceRef[] = [],
  prepare: (hands: Kubectl) => Promise<unknown> = async () => {},
): Promise<ManagedCluster> {
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-controllers-'));
  const own = await startOwnKubernetes();
  const client = httpClient({ name: 'own', config: own.access, clock: systemClock, userAgent: 'test' });
  const hands = kubectl(client, refs);
  await prepare(hands);
  const kubeconfig = join(folder, 'kubeconfig');
  writeFileSync(kubeconfig, kubeconfigOf(own.access), { mode: 0o600 });
  const flags = [`--kubeconfig=${kubeconfig}`, `--controllers=${controllers.join(',')}`];
  // 7: the headers of its requests are in its log.
  const quiet = ['--leader-elect=false', '--secure-port=0', '-v=7'];
  const manager = start(binaryPath(managerBinary), [...flags, ...quiet], { folder });
  return {
    hands,
    manager,
    kubeconfig,
    counted: (apiVersion, kind, namespace, count) =>
      until(`${count} of ${kind}`, async () => {
        const items = await hands.list(apiVersion, kind, namespace);
        return items.length === count ? items : undefined;
      }),
    stop: async () => {
      manager.signal('SIGKILL');
      await manager.ended;
      client.close();
      await own.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

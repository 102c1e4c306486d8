/** Deployments, with their ReplicaSets. */
import { type Deployment, type ReplicaSet, ReplicaSets } from '#apis/kubernetes/types.ts';
import type { ApiClient } from '#client/api-client.ts';
import { formatLabelSelector } from '#kube/selector/labels.ts';
import { nothingThere } from '../output/labels.ts';
import { annotationLines, fullTime, pairs } from './metadata.ts';
import type { Page } from './page.ts';
import { describeTemplate } from './pod-parts.ts';

const revision = 'deployment.kubernetes.io/revision';

export async function describeDeployment(page: Page, deployment: Deployment, client: ApiClient): Promise<void> {
  const { metadata, spec, status = {} } = deployment;
  const { replicas = 0, updatedReplicas = 0, availableReplicas = 0, unavailableReplicas = 0, conditions = [] } = status;
  const { strategy, minReadySeconds = 0 } = spec!;
  page.field(0, 'Name', metadata.name ?? '');
  page.field(0, 'Namespace', metadata.namespace ?? '');
  page.field(0, 'CreationTimestamp', fullTime(metadata.creationTimestamp));
  page.list(0, 'Labels', pairs(metadata.labels));
  annotationLines(page, 0, 'Annotations', metadata.annotations);
  page.field(0, 'Selector', formatLabelSelector(spec!.selector));
  page.field(
    0,
    'Replicas',
    `${spec!.replicas ?? 1} desired | ${updatedReplicas} updated | ${replicas} total | ${availableReplicas} available | ${unavailableReplicas} unavailable`,
  );
  page.field(0, 'StrategyType', strategy?.type ?? '');
  page.field(0, 'MinReadySeconds', minReadySeconds);
  if (strategy?.rollingUpdate) {
    const { maxUnavailable = 0, maxSurge = 0 } = strategy.rollingUpdate;
    page.field(0, 'RollingUpdateStrategy', `${maxUnavailable} max unavailable, ${maxSurge} max surge`);
  }
  describeTemplate(page, spec!.template);
  if (conditions.length > 0) {
    page.line(0, 'Conditions:');
    page.line(1, 'Type\tStatus\tReason');
    page.line(1, '----\t------\t------');
    for (const { type, status: is, reason = '' } of conditions) page.line(1, `${type} \t${is}\t${reason}`);
  }
  replicaSets(page, await ownedBy(deployment, client), metadata.annotations?.[revision]);
}

/** None where they cannot be read, and on a control plane, where none are made. */
async function ownedBy({ metadata }: Deployment, client: ApiClient): Promise<readonly ReplicaSet[]> {
  try {
    const { items } = await client.resource(ReplicaSets).list({ namespace: metadata.namespace! });
    return items.filter((each) => each.metadata.ownerReferences?.some(({ uid }) => uid === metadata.uid));
  } catch {
    return [];
  }
}

function replicaSets(page: Page, sets: readonly ReplicaSet[], current: string | undefined): void {
  if (sets.length === 0) return;
  const isNew = (set: ReplicaSet) => set.metadata.annotations?.[revision] === current;
  const text = (some: readonly ReplicaSet[]) =>
    some
      .map(
        ({ metadata, spec, status }) =>
          `${metadata.name} (${status?.replicas ?? 0}/${spec?.replicas ?? 0} replicas created)`,
      )
      .join(', ') || nothingThere;
  page.field(0, 'OldReplicaSets', text(sets.filter((set) => !isNew(set))));
  page.field(0, 'NewReplicaSet', text(sets.filter(isNew)));
}

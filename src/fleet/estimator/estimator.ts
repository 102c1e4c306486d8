/** The estimator of one member: answers from copies of the member's nodes, Pods and quotas. */
import { Deployments, Nodes, type Pod, Pods, ReplicaSets, ResourceQuotas } from '#apis/kubernetes/types.ts';
import type { Informer, InformerFactory } from '#client/informer/informer.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { controllerOf } from '#kube/meta/owner.ts';
import type { Metrics } from '#runtime/telemetry/metrics.ts';
import type { Clock } from '#world/clock/clock.ts';
import { createLedger } from './ledger.ts';
import { type ExtensionPoint, measureWith } from './measure.ts';
import { newestOf, unschedulableAmong } from './plan/unschedulable.ts';
import { type Plugin, pluginsFor, type Snapshot, smallest } from './plan.ts';
import type { ComponentSetsRequest, EstimatorService, ReplicasRequest, UnschedulableRequest } from './service.ts';
import { trimNode, trimOwner, trimPod } from './trim.ts';

export interface EstimatorOptions {
  readonly cluster: string;
  /** Of the member. */
  readonly informers: InformerFactory;
  readonly gates: { readonly ResourceQuotaEstimate: boolean; readonly SchedulingOvercommitProtection: boolean };
  readonly clock: Clock;
  readonly metrics: Metrics;
}

export interface Estimator extends EstimatorService {
  /** Until then questions wait. */
  readonly whenSynced: () => Promise<void>;
}

/** What has ended takes nothing any more, and there may be many of them. */
const underWay = 'status.phase!=Succeeded,status.phase!=Failed';

/** In one question: at a thousand nodes ten million looks at a node, about a second. */
const mostKindsOfPods = 10_000;

/** How many kinds of Pods a question speaks of. */
const kindsIn = (request: ReplicasRequest | ComponentSetsRequest): number =>
  ('components' in request ? request.components.length : 1) +
  request.assumed.reduce((sum, { components }) => sum + components.length, 0);

const controllerUid = (object: KubeObject): readonly string[] => {
  const controller = controllerOf(object);
  return controller ? [controller.uid] : [];
};

export function createEstimator(options: EstimatorOptions): Estimator {
  const { cluster, informers, gates, clock, metrics } = options;
  const measure = measureWith(metrics, clock);
  const plugins = pluginsFor(gates);
  const member = watchMember(informers, gates.ResourceQuotaEstimate);
  const workloads = watchWorkloads(informers, member.pods);

  /** Rejects what is meant for another estimator. A question that comes early waits as long as its asker does. */
  const check = async (asked: string) => {
    if (asked !== cluster) throw new Error(`cluster name does not match, got: ${asked}, desire: ${cluster}`);
    if (!member.synced()) await member.whenSynced();
  };
  const estimate = (point: ExtensionPoint, answer: (plugin: Plugin, snapshot: Snapshot) => number) =>
    measure.plugins(point, () => {
      const snapshot = member.snapshot();
      return smallest(snapshot, plugins, (plugin) =>
        measure.plugin(plugin.name, point, () => answer(plugin, snapshot)),
      );
    });
  const admitted = async <Request extends ReplicasRequest | ComponentSetsRequest>(
    request: Request,
  ): Promise<Request> => {
    await check(request.cluster);
    const own = gates.SchedulingOvercommitProtection ? request : { ...request, assumed: [] };
    if (kindsIn(own) > mostKindsOfPods) throw new Error(`more than ${mostKindsOfPods} kinds of Pods in one question`);
    return own;
  };

  return {
    whenSynced: member.whenSynced,
    maxAvailableReplicas: (request) =>
      measure.question('MaxAvailableReplicas', async () => {
        const own = await admitted(request);
        return estimate('estimate_replicas', (plugin, snapshot) => plugin.replicas(snapshot, own));
      }),
    maxAvailableComponentSets: (request) =>
      measure.question('MaxAvailableComponentSets', async () => {
        const own = await admitted(request);
        return estimate('estimate_components', (plugin, snapshot) => plugin.sets(snapshot, own));
      }),
    unschedulableReplicas: (request) =>
      measure.question('GetUnschedulableReplicas', async () => {
        await check(request.cluster);
        return unschedulableAmong(await workloads.podsOf(request.resource), request.thresholdMs, clock.now());
      }),
  };
}

function watchMember(informers: InformerFactory, withQuotas: boolean) {
  const nodes = informers.informer(Nodes, { transform: trimNode });
  const pods = informers.informer(Pods, { fieldSelector: underWay, transform: trimPod });
  const quotas = withQuotas ? informers.informer(ResourceQuotas) : undefined;
  const needed: readonly Pick<Informer<KubeObject>, 'synced' | 'whenSynced'>[] = [
    nodes,
    pods,
    ...(quotas ? [quotas] : []),
  ];
  const ledger = createLedger();
  nodes.onChange(({ type, object }) => {
    if (type === 'deleted') ledger.removeNode(object.metadata.name!);
    else ledger.setNode(object);
  });
  pods.onChange(({ type, object }) => {
    if (type === 'deleted') ledger.removePod(object);
    else ledger.setPod(object);
  });
  return {
    pods,
    synced: () => needed.every((informer) => informer.synced()),
    whenSynced: async () => {
      await Promise.all(needed.map((informer) => informer.whenSynced()));
    },
    snapshot: (): Snapshot => ({
      rooms: ledger.rooms(),
      quotas: (namespace) => (namespace === '' ? [] : (quotas?.list(namespace) ?? [])),
    }),
  };
}

/** Deployments alone, as the reference. Their copies are begun with the first question: only deschedulers ask. */
function watchWorkloads(informers: InformerFactory, pods: Informer<Pod>) {
  const begin = async () => {
    const deployments = informers.informer(Deployments, { transform: trimOwner });
    const sets = informers.informer(ReplicaSets, { transform: trimOwner });
    sets.addIndex('controller', controllerUid);
    pods.addIndex('controller', controllerUid);
    await Promise.all([deployments.whenSynced(), sets.whenSynced()]);
    return { deployments, sets };
  };
  let begun: ReturnType<typeof begin> | undefined;

  return {
    podsOf: async (resource: UnschedulableRequest['resource']): Promise<readonly Pod[]> => {
      const { apiVersion, kind, namespace, name } = resource;
      if (apiVersion !== 'apps/v1' || kind !== 'Deployment')
        throw new Error(`kind(${kind}) of workload(${namespace}/${name}) is not supported`);
      begun ??= begin();
      const { deployments, sets } = await begun;
      const deployment = deployments.get(`${namespace}/${name}`);
      if (!deployment) throw new Error(`deployments.apps "${name}" not found in namespace ${namespace}`);
      const newest = newestOf(sets.byIndex('controller', deployment.metadata.uid!));
      return newest ? pods.byIndex('controller', newest.metadata.uid!) : [];
    },
  };
}

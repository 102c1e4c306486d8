/** Step 2, the wiring: bindings by generation, and those that a changed cluster concerns. */
import { type Cluster, ClusterKind } from '#apis/cluster/cluster.ts';
import type { ApiClient } from '#client/api-client.ts';
import type { Informer, InformerFactory } from '#client/informer/informer.ts';
import { keyOf } from '#kube/meta/key.ts';
import type { EventRecorder } from '#runtime/events.ts';
import type { Controller, Enqueue } from '#runtime/reconciler.ts';
import type { Metrics } from '#runtime/telemetry/metrics.ts';
import type { Clock } from '#world/clock/clock.ts';
import { breathe } from '#world/clock/turns.ts';
import { affectedBindings } from './affected.ts';
import { type Assumptions, assumptions as assumptionsOn } from './assumptions.ts';
import { type Bindings, bindingsOf } from './bindings.ts';
import { decisionInputs, type EstimatorDoor } from './decide.ts';
import { type SchedulerMeter, schedulerMeter } from './meter.ts';
import { type Peers, peersIn } from './peers.ts';
import { isOurs } from './plan/needs.ts';
import type { SchedulingSettings } from './plan/settings.ts';
import { SchedulingQueue } from './queue.ts';
import { reconcileBinding } from './reconcile.ts';
import { addNews, bindingMatters, type ClusterNews, isNews, noNews, succeeded } from './wake.ts';
import { type Placing, placingNow } from './write.ts';

export interface SchedulerOptions {
  readonly client: ApiClient;
  readonly informers: InformerFactory;
  readonly events: EventRecorder;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly schedulerName: string;
  readonly settings: SchedulingSettings;
  readonly estimator?: EstimatorDoor;
  /** Gate PriorityBasedScheduling: what matters more goes first. */
  readonly byPriority: boolean;
  /** Gate SchedulingOvercommitProtection: what was placed and does not run yet takes room. */
  readonly overcommitProtection: boolean;
}

/** Decisions are quick and writes wait for the API server: as many at a time as keep it busy. */
const workers = 8;
/** Whoever asks estimators may wait for the slowest of them: others must not. */
const estimatingWorkers = 64;
/** How long changes of clusters are gathered: one that joins changes several times. */
const gatherMs = 20;

/** One controller for both kinds of binding: they wait in one queue. */
export function schedulerController(options: SchedulerOptions): Controller {
  const { client, informers, clock, estimator } = options;
  const bindings = bindingsOf(client, informers);
  const clusters = informers.informer<Cluster>(ClusterKind);
  const placing = placingNow();
  const peers = options.settings.gates.WorkloadAffinity ? peersIn(bindings.namespaced, placing.clusters) : undefined;
  const assumptions = options.overcommitProtection ? assumptionsOn(clock) : undefined;
  const meter = schedulerMeter(options.metrics);
  const inputs = decisionInputs({ ...options, clusters, assumptions, peers });
  const context = { ...options, bindings, placing, inputs, assumptions, meter };
  return {
    name: 'scheduler',
    workers: estimator ? estimatingWorkers : workers,
    ...(options.byPriority
      ? {
          queue: (queueOptions) => {
            const priorityOf = (key: string) => bindings.get(key)?.spec.schedulePriority?.priority ?? 0;
            const queue = new SchedulingQueue({ ...queueOptions, priorityOf });
            meter.watchQueue(queue);
            return queue;
          },
        }
      : {}),
    setUp: (enqueue) => wake({ ...options, bindings, clusters, placing, peers, assumptions, meter }, enqueue),
    reconcile: (key) => reconcileBinding(context, key),
  };
}

interface Waking {
  readonly bindings: Bindings;
  readonly clusters: Informer<Cluster>;
  readonly placing: Placing;
  readonly peers: Peers | undefined;
  readonly assumptions: Assumptions | undefined;
  readonly meter: SchedulerMeter;
  readonly clock: Clock;
  readonly schedulerName: string;
}

function wake(waking: Waking, enqueue: Enqueue): void {
  const { bindings, clusters, placing, peers, assumptions, meter, schedulerName } = waking;
  const affected = affectedBindings(bindings);
  bindings.onChange((change) => {
    const { type, object: binding, old } = change;
    const key = keyOf(binding);
    if (type === 'deleted') {
      affected.forget(key);
      assumptions?.forget(key);
    } else {
      affected.note(binding);
      if (!placing.clusters(key)) assumptions?.note(binding);
    }
    // Where a peer went, or that it is gone, may be what another waits for.
    if (peers && (type === 'deleted' || (old && old.spec.clusters !== binding.spec.clusters)))
      for (const peer of peers.others(binding)) if (!succeeded(peer)) enqueue(keyOf(peer), 'low');
    if (type === 'deleted' || !isOurs(binding, schedulerName)) return;
    if (old && (!bindingMatters(old, binding) || placing.wrote(binding))) return;
    meter.incoming(old ? 'BindingUpdate' : 'BindingAdd');
    enqueue(key, change.initial ? 'low' : 'high');
  });
  const tell = gatheredNews(waking.clock, async (news) => {
    for (const keys of affected.by(news)) {
      for (const key of keys) {
        meter.incoming('ClusterChanged');
        enqueue(key, 'low');
      }
      await breathe(waking.clock);
    }
  });
  clusters.onChange(tell);
}

/** Gathers what changes mean, and hands it on in one piece, never two at a time. */
function gatheredNews(clock: Clock, hand: (news: ClusterNews) => Promise<void>) {
  let news = noNews();
  let armed = false;
  const flush = async () => {
    const gathered = news;
    news = noNews();
    await hand(gathered);
    armed = false;
    arm();
  };
  const arm = () => {
    if (armed || !isNews(news)) return;
    armed = true;
    clock.after(gatherMs, () => void flush());
  };
  return (change: Parameters<typeof addNews>[1]) => {
    addNews(news, change);
    arm();
  };
}

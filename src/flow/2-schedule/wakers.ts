/** What wakes the scheduler: bindings by generation, and those that a changed cluster or a peer concerns. */
import type { Cluster } from '#apis/cluster/cluster.ts';
import type { Informer } from '#client/informer/informer.ts';
import { keyOf } from '#kube/meta/key.ts';
import type { Enqueue } from '#runtime/reconciler.ts';
import type { Clock } from '#world/clock/clock.ts';
import { breathe } from '#world/clock/turns.ts';
import { affectedBindings } from './affected.ts';
import type { Assumptions } from './assumptions.ts';
import type { Bindings } from './bindings.ts';
import type { SchedulerMeter } from './meter.ts';
import type { Peers } from './peers.ts';
import { isOurs } from './plan/needs.ts';
import { addNews, bindingMatters, type ClusterNews, concernsPeers, isNews, noNews, succeeded } from './wake.ts';
import type { Placing } from './write.ts';

/** How long changes of clusters are gathered: one that joins changes several times. */
const gatherMs = 20;

export interface Waking {
  readonly bindings: Bindings;
  readonly clusters: Informer<Cluster>;
  readonly placing: Placing;
  readonly peers: Peers | undefined;
  readonly assumptions: Assumptions | undefined;
  readonly meter: SchedulerMeter;
  readonly clock: Clock;
  readonly schedulerName: string;
}

export function wakeBy(waking: Waking, enqueue: Enqueue): void {
  const { bindings, clusters, placing, peers, assumptions, meter, schedulerName } = waking;
  const affected = affectedBindings(bindings);
  const gather = gatheredNews(waking.clock, async (news) => {
    for (const keys of affected.by(news)) {
      for (const key of keys) {
        meter.incoming('ClusterChanged');
        enqueue(key, 'low');
      }
      await breathe(waking.clock);
    }
  });
  const hasRoomAgain = (name: string) => {
    const cluster = clusters.get(name);
    if (cluster) gather(({ roomier }) => roomier.add(cluster));
  };
  bindings.onChange((change) => {
    const { type, object: binding, old } = change;
    const key = keyOf(binding);
    if (type === 'deleted') {
      affected.forget(key);
      assumptions?.forget(key).forEach(hasRoomAgain);
    } else {
      affected.note(binding);
      if (!placing.clusters(key)) assumptions?.note(binding).forEach(hasRoomAgain);
    }
    if (peers && (type === 'deleted' || (old && concernsPeers(old, binding)))) {
      for (const each of old ? [old, binding] : [binding])
        for (const peer of peers.others(each)) if (!succeeded(peer)) enqueue(keyOf(peer), 'low');
    }
    if (type === 'deleted' || !isOurs(binding, schedulerName)) return;
    if (old && (!bindingMatters(old, binding) || placing.wrote(binding))) return;
    meter.incoming(old ? 'BindingUpdate' : 'BindingAdd');
    enqueue(key, change.initial ? 'low' : 'high');
  });
  clusters.onChange((change) => gather((news) => addNews(news, change)));
}

/** Gathers what changes mean, and hands it on in one piece, never two at a time. */
function gatheredNews(clock: Clock, hand: (news: ClusterNews) => Promise<void>) {
  let news = noNews();
  let armed = false;
  const flush = async () => {
    const gathered = news;
    news = noNews();
    try {
      await hand(gathered);
    } finally {
      armed = false;
      arm();
    }
  };
  const arm = () => {
    if (armed || !isNews(news)) return;
    armed = true;
    clock.after(gatherMs, () => void flush());
  };
  return (add: (news: ClusterNews) => void) => {
    add(news);
    arm();
  };
}

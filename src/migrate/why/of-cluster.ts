/** The story of a Cluster: whether it is ready and since when, which taints keep things out, what of its Works is refused. Pure. */
import type { Cluster } from '#apis/cluster/cluster.ts';
import { manifestsOf, type Work } from '#apis/work/work.ts';
import { findCondition } from '#kube/conditions/conditions.ts';
import { titled } from '../model.ts';
import { refusalSentence } from './refusal.ts';
import { bad, firstBlock, good, note, type Step, type Why } from './story.ts';
import { listed, mend, subjectOf, typed } from './words.ts';

/** Works told of. */
const mostTold = 20;

const cordoned = 'cluster.karmada.io/unschedulable';
/** They come and go with the conditions, and are told by those. */
const ofConditions = /^cluster\.karmada\.io\/(not-ready|unreachable|terminating)$/;

function readyStep({ metadata, status }: Cluster, works: readonly Work[]): Step {
  const name = metadata.name!;
  if (metadata.deletionTimestamp) {
    const { finalizers = [] } = metadata;
    const sentence = `${name} is being deleted since ${metadata.deletionTimestamp}, and waits for ${works.length} Works and its finalizers: ${listed(finalizers)}.`;
    return bad('ready', { sentence, mend: mend('see its Works', `flotilla get works -n karmada-es-${name}`) });
  }
  const ready = findCondition(status?.conditions, 'Ready');
  if (ready?.status === 'True') return good('ready', `since ${ready.lastTransitionTime}`);
  const why = (ready?.message || ready?.reason || '').replace(/\.$/, '');
  const sentence = ready
    ? `${name} is not ready since ${ready.lastTransitionTime}: ${why}.`
    : `${name} has not reported yet: is karmada-controller-manager running?`;
  return bad('ready', {
    sentence,
    mend: ready
      ? mend('ask it yourself', `flotilla get namespaces --operation-scope members -C ${name}`)
      : mend('see what runs', 'flotilla status'),
  });
}

function taintSteps({ metadata, spec }: Cluster): readonly Step[] {
  const name = metadata.name!;
  return (spec.taints ?? []).map(({ key, value, effect, timeAdded }) => {
    const taint = `${key}${value ? `=${value}` : ''}:${effect}${timeAdded ? ` since ${timeAdded}` : ''}`;
    if (ofConditions.test(key)) return note('taints', taint);
    if (key === cordoned) {
      const sentence = `${name} is cordoned${timeAdded ? ` since ${timeAdded}` : ''}: it takes nothing new.`;
      return bad('taints', { sentence, mend: mend('let it have things again', `flotilla uncordon ${name}`) }, taint);
    }
    const what = effect === 'NoExecute' ? 'what does not tolerate it has to leave' : 'nothing new without toleration';
    const sentence = `${name} has the taint ${taint}: ${what}.`;
    const off = `flotilla taint clusters ${name} ${key}:${effect}-`;
    return bad('taints', { sentence, mend: mend('take it off', off) }, taint);
  });
}

/** Undefined of a Work that is applied. */
function workStep(cluster: string, work: Work): Step | undefined {
  const template = manifestsOf(work)[0];
  const { deletionTimestamp } = work.metadata;
  const asked = typed(deletionTimestamp ? work : (template ?? work));
  if (deletionTimestamp) {
    const sentence = `${titled(work)} is being deleted since ${deletionTimestamp}: ${cluster} has not let go of ${template ? titled(template) : 'what it holds'}.`;
    return bad('work', { sentence, mend: mend('see what keeps it', `flotilla why ${asked}`) });
  }
  const applied = findCondition(work.status?.conditions, 'Applied');
  if (applied?.status !== 'False' || !template) return undefined;
  const message = (applied.message ?? '').replace(/\.$/, '');
  const refusal = { cluster, template, policy: undefined, work, message };
  return bad('work', { sentence: refusalSentence(refusal), mend: mend('see what mends it', `flotilla why ${asked}`) });
}

export function clusterStory(cluster: Cluster, works: readonly Work[]): Why {
  const name = cluster.metadata.name!;
  const troubled = works.flatMap((work) => workStep(name, work) ?? []);
  const more = troubled.length > mostTold ? [note('work', `and ${troubled.length - mostTold} more`)] : [];
  const sum = `${works.length - troubled.length} of ${works.length} Works without trouble`;
  const walk: readonly Step[] = [
    readyStep(cluster, works),
    ...troubled.slice(0, mostTold),
    ...more,
    ...taintSteps(cluster),
    troubled.length > 0 ? note('work', sum) : good('work', sum),
  ];
  const blocked = firstBlock(walk);
  return { object: subjectOf(cluster), ...(blocked ? { blocked } : {}), walk };
}

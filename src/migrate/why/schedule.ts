/** Where the scheduler puts it: its verdict for each cluster, and what would have another one fit. */
import type { Cluster } from '#apis/cluster/cluster.ts';
import type { Policy } from '#apis/policy/matching.ts';
import type { Binding } from '#apis/work/binding.ts';
import type { ClusterExplanation, Explanation } from '#flow/2-schedule/plan/explanation.ts';
import { defaultSettings, type SchedulingSettings } from '#flow/2-schedule/plan/settings.ts';
import { findCondition } from '#kube/conditions/conditions.ts';
import { titled } from '../model.ts';
import { bad, good, type Mend, note, type Step } from './story.ts';
import { mend, mergePatch, typed } from './words.ts';

export interface Verdict extends Explanation {
  /** Where the flags are taken from that it is worked out with here: the scheduler's own verdict is not served. */
  readonly assumed?: string;
}

const assumption = (flags: string): Step =>
  note('candidate', `worked out here, as the scheduler's own verdict is not served: ${flags}; no estimators asked`);

/** What a scheduler runs with that cannot be asked itself. */
export interface SchedulerFlags {
  readonly settings: SchedulingSettings;
  readonly schedulerName: string;
  /** In words: whose flags they are, and where they were read. */
  readonly taken: string;
}

export const assumedFlags: SchedulerFlags = {
  settings: defaultSettings,
  schedulerName: 'default-scheduler',
  taken: "karmada-scheduler's default flags and gates are assumed",
};

export interface ScheduleFacts {
  readonly binding: Binding;
  readonly policy: Policy | undefined;
  readonly clusters: readonly Cluster[];
  /** A text says why it is not scheduled at all. */
  readonly verdict: Verdict | string;
}

const plural = (replicas: number) => `${replicas} replica${replicas === 1 ? '' : 's'}`;

function clusterStep({ name, leaving, refusals, score, available, selected, target }: ClusterExplanation): Step {
  if (leaving) return note('candidate', `${name}: it is being deleted`);
  if (refusals.length > 0)
    return note('candidate', `${name}: ${refusals.map(({ plugin, reason }) => `${reason} (${plugin})`).join('; ')}`);
  const room = available === undefined ? '' : `, room for ${available}`;
  const scored = score === undefined ? '' : `score ${score}${room}`;
  if (!target)
    return note(
      'candidate',
      `${name}: ${selected ? 'selected, no replicas for it' : 'fits, not selected'} (${scored})`,
    );
  const replicas = target.replicas === undefined ? 'chosen' : plural(target.replicas);
  return good('candidate', `${name}: ${replicas} (${scored})`);
}

/** The cluster that came nearest, and what keeps it out. */
function nearest(explained: readonly ClusterExplanation[]): ClusterExplanation | undefined {
  return explained
    .filter(({ leaving, refusals }) => !leaving && refusals.length > 0)
    .sort((a, b) => a.refusals.length - b.refusals.length || (a.name < b.name ? -1 : 1))[0];
}

const systemTaints = /cluster\.karmada\.io\/(not-ready|unreachable|terminating)/;

function mendFor({ name, refusals }: ClusterExplanation, { policy, clusters, binding }: ScheduleFacts): Mend {
  const [{ plugin, reason } = { plugin: '', reason: '' }] = refusals;
  const subject = policy ?? binding;
  const [, taint = ''] = /\{(.+)\}/.exec(reason) ?? [];
  if (taint.startsWith('cluster.karmada.io/unschedulable'))
    return mend(`let ${name} have it`, `flotilla uncordon ${name}`);
  if (systemTaints.test(taint)) return mend(`see what is wrong with ${name}`, `flotilla describe cluster/${name}`);
  if (plugin === 'TaintToleration') {
    const [key = '', effect = ''] = taint.replace(/=[^:]*/, '').split(':');
    return mend(`take the taint off ${name}`, `flotilla taint clusters ${name} ${key}:${effect}-`);
  }
  if (plugin === 'ClusterAffinity') {
    const clusterNames = clusters.map(({ metadata }) => metadata.name!).sort();
    const patch = { spec: { placement: { clusterAffinity: { clusterNames }, clusterAffinities: null } } };
    return mend('name clusters that are there', mergePatch(subject, patch));
  }
  if (plugin === 'APIEnablement' && binding.metadata.namespace) {
    const annotations = { 'policy.flotilla.io/propagate-closure': 'true' };
    const patch = { metadata: { annotations }, spec: { propagateDeps: true } };
    return mend("have the kind's definition go there too", mergePatch(subject, patch));
  }
  if (plugin === 'SpreadConstraint')
    return mend('ask for no spread', mergePatch(subject, { spec: { placement: { spreadConstraints: null } } }));
  return mend('see the clusters', 'flotilla get clusters -o wide');
}

function unplaced(facts: ScheduleFacts, explanation: Explanation, below: readonly Step[]): Step {
  const { binding } = facts;
  const { verdict, terms } = explanation;
  const { kind, name, namespace } = binding.spec.resource;
  const title = titled({ kind, metadata: { name, ...(namespace ? { namespace } : {}) } });
  const message = verdict.outcome === 'scheduled' ? '' : verdict.message.replace(/\.$/, '');
  const explained = terms[0]?.clusters ?? [];
  const sentence = `No cluster takes ${title}: ${message}.`;
  if (facts.clusters.length === 0) {
    const join = mend('join a cluster', 'flotilla join NAME --cluster-kubeconfig FILE');
    return bad('schedule', { sentence: `${title} goes nowhere: there is no cluster yet.`, mend: join });
  }
  if (verdict.outcome === 'unschedulable') {
    const room = explained.reduce((sum, { available = 0 }) => sum + available, 0);
    const template = { kind, metadata: { name, ...(namespace ? { namespace } : {}) } };
    const fewer = mend('ask for as many as there is room for', mergePatch(template, { spec: { replicas: room } }));
    const held = `The clusters have not the room for ${title}: ${message}.`;
    return bad('schedule', { sentence: held, mend: fewer }, message, below);
  }
  const near = nearest(explained);
  const help = near ? mendFor(near, facts) : mend('see the clusters', 'flotilla get clusters -o wide');
  return bad('schedule', { sentence, mend: help }, message, below);
}

/** `why`: what the scheduler says of a binding that it leaves alone. */
function leftAloneStep({ binding, policy }: ScheduleFacts, why: string, placed: string): Step {
  const { suspension, schedulerName } = binding.spec;
  if (suspension?.scheduling) {
    const sentence = `Scheduling of ${titled(binding)} is suspended (spec.suspension.scheduling).`;
    const patch = mergePatch(binding, { spec: { suspension: { scheduling: false } } });
    return bad('schedule', { sentence, mend: mend('let it be scheduled', patch) });
  }
  // Another scheduler may be at work; that it has not been is what can be seen.
  if (schedulerName && policy && !placed && why.startsWith('spec.schedulerName')) {
    const sentence = `${titled(binding)} waits for a scheduler named ${schedulerName}: ${why}.`;
    const anew = 'start that scheduler, or make the policy anew, as its schedulerName cannot be changed';
    return bad('schedule', { sentence, mend: mend(anew, `flotilla delete ${typed(policy)}`) });
  }
  return note('schedule', `not scheduled: ${why}${placed ? `; it is in ${placed}` : ''}`);
}

export function scheduleStep(facts: ScheduleFacts): Step {
  const { binding, policy, verdict } = facts;
  const { spec, status } = binding;
  const placed = (spec.clusters ?? []).map(({ name }) => name).join(', ');
  if (typeof verdict === 'string') return leftAloneStep(facts, verdict, placed);
  const told = verdict.terms.flatMap(({ affinityName, failure, clusters }) => {
    const steps = clusters.map(clusterStep);
    if (affinityName === undefined) return steps;
    return [note('candidate', `affinity ${affinityName}${failure ? `: ${failure}` : ''}`, steps)];
  });
  const below = verdict.assumed ? [...told, assumption(verdict.assumed)] : told;
  if (verdict.verdict.outcome !== 'scheduled') return unplaced(facts, verdict, below);
  const said = findCondition(status?.conditions, 'Scheduled');
  if (said?.status === 'False') {
    const sentence = `${titled(binding)} is not scheduled: ${(said.message ?? said.reason ?? '').replace(/\.$/, '')}.`;
    return bad(
      'schedule',
      { sentence, mend: mend('look at it', `flotilla describe ${typed(policy ?? binding)}`) },
      sentence,
      below,
    );
  }
  if (!placed) {
    const sentence = `${titled(binding)} has no clusters yet: is karmada-scheduler running?`;
    return bad('schedule', { sentence, mend: mend('see what runs', 'flotilla status') }, sentence, below);
  }
  return good('schedule', `to ${placed}`, below);
}

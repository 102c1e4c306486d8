/** One cluster that the template goes to: overrides, Work, the member's object, and how that is. */
import type { Cluster } from '#apis/cluster/cluster.ts';
import { conflictResolution } from '#apis/names/annotations.ts';
import { execution as executionFinalizer } from '#apis/names/finalizers.ts';
import type { Policy } from '#apis/policy/matching.ts';
import { type PolicyRule, rulesIn } from '#apis/policy/overrides/select.ts';
import type { Binding } from '#apis/work/binding.ts';
import type { Work } from '#apis/work/work.ts';
import { isManaged } from '#flow/4-execute/plan.ts';
import { findCondition, isConditionTrue } from '#kube/conditions/conditions.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import { titled } from '../model.ts';
import { mendOfRefusal, refusalSentence } from './refusal.ts';
import { bad, firstBlock, good, note, type Step } from './story.ts';
import { listed, mend, mergePatch, typed } from './words.ts';

/** What a member has of the object. */
export type MemberFact =
  | {
      readonly object: UnstructuredObject | undefined;
      /** What of it somebody else sets and keeps: `.spec.replicas (kube-controller-manager)`. */
      readonly kept?: readonly string[];
      /** How many fields our manifest states. */
      readonly stated?: number;
      /** A Pod of it that is not ready, and why; or without a name, why none could be made. */
      readonly trouble?: { readonly pod?: string; readonly reason: string };
    }
  | { readonly unreached: string };

export interface ClusterFacts {
  readonly name: string;
  readonly template: UnstructuredObject;
  readonly policy: Policy | undefined;
  readonly binding: Binding;
  readonly cluster: Cluster | undefined;
  readonly rules: readonly PolicyRule[];
  /** Why its manifest cannot be rendered. */
  readonly failure: Error | undefined;
  readonly work: Work | undefined;
  readonly member: MemberFact;
}

/** The policy a failure names: `OverridePolicy shop/x: …`. */
function overrideStep({ name, rules, cluster, failure }: ClusterFacts): Step | undefined {
  if (failure) {
    const [, kind, place] = /^((?:Cluster)?OverridePolicy) (\S+): /.exec(failure.message) ?? [];
    const [own = '', namespace] = (place ?? '').split('/').reverse();
    const look = kind
      ? mend(
          'take the override away',
          `flotilla delete ${kind.toLowerCase()}/${own}${namespace ? ` -n ${namespace}` : ''}`,
        )
      : mend('see what runs', 'flotilla status');
    return bad('overrides', {
      sentence: `The overrides for ${name} cannot be applied: ${failure.message}.`,
      mend: look,
    });
  }
  const chosen = cluster ? rulesIn(rules, cluster) : [];
  if (chosen.length === 0) return undefined;
  return note('overrides', [...new Set(chosen.map(({ policy, path }) => `${titled(policy)} ${path}`))].join(', '));
}

const fight = /("[^"]+" keeps changing .+ back): (.+)$/;

function workStep(facts: ClusterFacts): Step {
  const { name, template, policy, binding, cluster, work } = facts;
  const title = titled(template);
  if (!isConditionTrue(cluster?.status?.conditions, 'Ready')) {
    const ready = findCondition(cluster?.status?.conditions, 'Ready');
    const why = cluster
      ? (ready?.message ?? ready?.reason ?? 'it has not reported yet')
      : 'there is no Cluster of that name';
    return bad('work', {
      sentence: `${name} cannot be reached, so that ${title} is not written there: ${why.replace(/\.$/, '')}.`,
      mend: cluster
        ? mend(`see what is wrong with ${name}`, `flotilla describe cluster/${name}`)
        : mend('join it', `flotilla join ${name} --cluster-kubeconfig FILE`),
    });
  }
  if (!work) {
    const sentence = `There is no Work for ${title} in ${name} yet: is karmada-controller-manager running?`;
    return bad('work', { sentence, mend: mend('see what runs', 'flotilla status') });
  }
  if (work.metadata.deletionTimestamp) return leavingStep(name, template, work);
  if (work.spec.suspendDispatching) {
    const held = binding.spec.suspension ? ` by spec.suspension of ${policy ? titled(policy) : titled(binding)}` : '';
    return bad('work', {
      sentence: `Dispatching of ${title} to ${name} is suspended${held}.`,
      mend: mend('resume it', mergePatch(policy ?? binding, { spec: { suspension: null } })),
    });
  }
  const applied = findCondition(work.status?.conditions, 'Applied');
  const message = (applied?.message ?? '').replace(/\.$/, '');
  if (!applied) {
    const sentence = `${titled(work)} has not been applied in ${name} yet: is karmada-controller-manager running?`;
    return bad('work', { sentence, mend: mend('see what runs', 'flotilla status') });
  }
  if (applied.status !== 'True') return refused(facts, work, message);
  const fought = fight.exec(message);
  if (fought) {
    const sentence = `In ${name}, ${fought[1]}: it is put right more slowly now.`;
    return bad('work', { sentence, mend: mend(fought[2]!, `flotilla describe ${typed(template)}`) });
  }
  return good('work', `${titled(work)}: ${message}`);
}

/** A Work stays until the member's object is gone or let go of. */
export function leavingStep(name: string, template: UnstructuredObject, work: Work): Step {
  const { deletionTimestamp, finalizers = [] } = work.metadata;
  const subject = `${typed(template)} --operation-scope members -C ${name}`;
  const others = finalizers.filter((each) => each !== executionFinalizer);
  const since = `${titled(work)} is being deleted since ${deletionTimestamp}`;
  if (others.length > 0 && others.length === finalizers.length) {
    const sentence = `${since}, and waits for whoever set its finalizers: ${listed(others)}.`;
    const patch = mergePatch(work, { metadata: { finalizers: null } });
    return bad('work', { sentence, mend: mend('where they are gone for good, wait no longer for them', patch) });
  }
  const sentence = `${since}: ${titled(template)} has not gone from ${name} yet.`;
  return bad('work', { sentence, mend: mend('see what keeps it there', `flotilla get ${subject} -o yaml`) });
}

function refused({ name, template, policy }: ClusterFacts, work: Work, message: string): Step {
  const refusal = { cluster: name, template, policy, work, message };
  const isThere = /already exists in the cluster/.test(message);
  const overwrite = `flotilla annotate ${typed(template)} ${conflictResolution}=overwrite --overwrite`;
  return bad(
    'work',
    isThere
      ? {
          sentence: `${name} has a ${titled(template)} of its own, and conflicts are not to be overwritten (conflictResolution: Abort).`,
          mend: mend('take it over', overwrite),
        }
      : { sentence: refusalSentence(refusal), mend: mendOfRefusal(refusal) },
    message,
  );
}

function memberStep({ name, template, member, work }: ClusterFacts): Step {
  if ('unreached' in member) return note('member', `not looked at: ${member.unreached}`);
  const { object, kept = [], stated } = member;
  if (!object && !isConditionTrue(work?.status?.conditions, 'Applied')) return note('member', 'it is not there');
  if (!object) {
    const sentence = `${titled(template)} is not there in ${name}, although it was applied.`;
    return bad('member', {
      sentence,
      mend: mend('see what is said of it', `flotilla describe ${typed(work ?? template)}`),
    });
  }
  if (!isManaged(object)) {
    const place = object.apiVersion === 'v1' && object.kind === 'Namespace';
    return note('member', place ? `it was there, and stays its owner's` : 'it is there, and is not managed');
  }
  const left = kept.length > 0 ? `, left to others: ${kept.join(', ')}` : '';
  return good('member', `it is there and managed${stated === undefined ? '' : `, ${stated} fields stated`}${left}`);
}

function statusStep({ name, template, binding, member }: ClusterFacts): Step {
  const item = (binding.status?.aggregatedStatus ?? []).find(({ clusterName }) => clusterName === name);
  if (!item) return note('status', 'nothing is known of it yet');
  if (item.health === 'Healthy') return good('status', 'Healthy');
  if (item.health !== 'Unhealthy') return note('status', 'its health is not known');
  const trouble = 'unreached' in member ? undefined : member.trouble;
  if (trouble) {
    const { pod, reason } = trouble;
    const { namespace } = template.metadata;
    const subject = pod === undefined ? typed(template) : `pod/${pod}${namespace ? ` -n ${namespace}` : ''}`;
    const who = pod === undefined ? 'no Pod can be made' : `Pod ${pod}`;
    return bad('status', {
      sentence: `${titled(template)} is in ${name}, and is not healthy there: ${who}: ${reason}.`,
      mend: mend('look at it there', `flotilla describe ${subject} --operation-scope members -C ${name}`),
    });
  }
  return bad('status', {
    sentence: `${titled(template)} is in ${name}, and is not healthy there.`,
    mend: mend('look at it there', `flotilla describe ${typed(template)} --operation-scope members -C ${name}`),
  });
}

export function clusterStep(facts: ClusterFacts): Step {
  const override = overrideStep(facts);
  const steps = [...(override ? [override] : []), workStep(facts), memberStep(facts), statusStep(facts)];
  const replicas = (facts.binding.spec.clusters ?? []).find(({ name }) => name === facts.name)?.replicas;
  const text = `${facts.name}${replicas === undefined ? '' : ` (${replicas} replica${replicas === 1 ? '' : 's'})`}`;
  const first = firstBlock(steps);
  return first ? { ...note('cluster', text, steps), is: 'bad' } : good('cluster', text, steps);
}

/** The story of a policy: which templates it matches, which of them it has, which it lost and to whom, and what comes near. Pure. */
import type { Policy } from '#apis/policy/matching.ts';
import { policyRank } from '#apis/policy/matching.ts';
import { isTemplate } from '#flow/1-detect/plan/propagated.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import { titled } from '../model.ts';
import { matchPolicies, whyNot } from './matching.ts';
import { type NearMiss, nearMiss } from './near-miss.ts';
import { type Block, bad, firstBlock, good, note, type Step, type Why } from './story.ts';
import { skippedNamespaces } from './walk.ts';
import { jsonPatch, listed, mend, mergePatch, subjectOf, typed } from './words.ts';

/** Templates told of each sort. */
const mostTold = 20;

/** A selector whose kind the control plane does not serve. */
export interface UnservedSelector {
  /** Its place in spec.resourceSelectors. */
  readonly at: number;
  readonly apiVersion: string;
  readonly kind: string;
  /** A kind of that apiVersion that is served, and is called nearly so. */
  readonly meant?: string;
}

export interface PolicyFacts {
  /** One of `policies`. */
  readonly policy: Policy;
  readonly policies: readonly Policy[];
  /** All objects of the kinds it selects, in every namespace where none in its own matches. */
  readonly objects: readonly UnstructuredObject[];
  readonly unserved: readonly UnservedSelector[];
}

interface Followed {
  readonly template: UnstructuredObject;
  readonly by: Policy | undefined;
  readonly text: string;
}

/** Undefined where nothing keeps it from all it selects. */
function outOfPlay(policy: Policy): Block | undefined {
  const { deletionTimestamp, finalizers = [], namespace } = policy.metadata;
  if (deletionTimestamp) {
    const waits = finalizers.length > 0 ? `, and waits for whoever set its finalizers: ${listed(finalizers)}` : '';
    const sentence = `${titled(policy)} is being deleted since ${deletionTimestamp}${waits}: it takes nothing new.`;
    return { sentence, mend: mend('see what runs that should end it', 'flotilla status') };
  }
  const anything = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: namespace ?? '', name: 'any' } };
  if (namespace === undefined || isTemplate(anything, skippedNamespaces)) return undefined;
  const sentence = `${titled(policy)} takes nothing: nothing is propagated out of namespace ${namespace}, by any policy.`;
  return {
    sentence,
    mend: mend('take it away, and have what it selects in another namespace', `flotilla delete ${typed(policy)}`),
  };
}

function noneMatches({ policy, objects, unserved }: PolicyFacts): Block {
  const without = `${titled(policy)} matches no template`;
  const [wrong] = unserved;
  if (wrong) {
    const { at, apiVersion, kind, meant } = wrong;
    const path = `/spec/resourceSelectors/${at}/kind`;
    return {
      sentence: `${without}: it selects kind ${kind} of ${apiVersion}, which the control plane does not serve${meant ? `; it serves ${meant}` : ''}.`,
      mend: meant
        ? mend('correct its selector', jsonPatch(policy, [{ op: 'replace', path, value: meant }]))
        : mend('see what is served', 'flotilla api-resources'),
    };
  }
  const near = nearest(policy, objects);
  if (near)
    return {
      sentence: `${without}: ${titled(near.object)} comes near, but ${near.miss.why}.`,
      mend: near.miss.mend ?? mend('correct its selector', `flotilla get ${typed(policy)} -o yaml`),
    };
  const selectors = policy.spec.resourceSelectors;
  const kinds = [...new Set(selectors.map(({ kind }) => kind))];
  const [first] = selectors;
  const namespace = policy.metadata.namespace ?? first?.namespace;
  const scope = namespace ? ` -n ${namespace}` : policy.kind === 'PropagationPolicy' ? '' : ' -A';
  return {
    sentence: `${without}: there is no ${listed(kinds)} that it selects.`,
    mend: mend('see what there is', `flotilla get ${(first?.kind ?? 'all').toLowerCase()}${scope} --show-labels`),
  };
}

function nearest(policy: Policy, objects: readonly UnstructuredObject[]) {
  const found: { readonly object: UnstructuredObject; readonly miss: NearMiss }[] = objects.flatMap((object) => {
    const miss = isTemplate(object, skippedNamespaces) ? nearMiss(policy, object) : undefined;
    return miss ? [{ object, miss }] : [];
  });
  return found.sort((a, b) => a.miss.distance - b.miss.distance || (titled(a.object) < titled(b.object) ? -1 : 1))[0];
}

function lostAll(policy: Policy, lost: readonly Followed[]): Block {
  const [{ template, by, text }] = lost as readonly [Followed];
  const count = `${lost.length} template${lost.length === 1 ? '' : 's'}`;
  const sentence = `${titled(policy)} matches ${count} and has none: ${titled(template)} ${text}.`;
  if (!by) return { sentence, mend: mend('see what it waits for', `flotilla why ${typed(template)}`) };
  if (policy.kind !== by.kind && policy.kind === 'ClusterPropagationPolicy')
    return { sentence, mend: mend('see the one that has it', `flotilla describe ${typed(by)}`) };
  const priority = Math.max(policy.spec.priority, by.spec.priority + (policy.kind === by.kind ? 1 : 0));
  const patch = mergePatch(policy, { spec: { priority, preemption: 'Always' } });
  return { sentence, mend: mend('have it go first, and take from others', patch) };
}

export function policyStory(facts: PolicyFacts): Why {
  const { policy, policies, objects } = facts;
  const told = { object: subjectOf(policy) };
  const out = outOfPlay(policy);
  if (out) return { ...told, blocked: out, walk: [bad('policy', out)] };
  const matched = objects.filter((object) => policyRank(policy, object) > 0);
  const followed = matched
    .filter((object) => isTemplate(object, skippedNamespaces))
    .map((template): Followed => {
      const { policy: by, step } = matchPolicies(template, policies, [], []);
      const text = by ? `follows ${titled(by)}: ${whyNot(policy, by, template)}` : step.text;
      return { template, by, text };
    });
  const own = followed.filter(({ by }) => by === policy);
  const lost = followed.filter(({ by }) => by !== policy);
  const shown = (all: readonly Followed[], toStep: (each: Followed) => Step): readonly Step[] => [
    ...all.slice(0, mostTold).map(toStep),
    ...(all.length > mostTold ? [note('template', `and ${all.length - mostTold} more`)] : []),
  ];
  const never = matched.length - followed.length;
  const below = [
    ...shown(own, ({ template }) => good('template', `${titled(template)}: it has it`)),
    ...shown(lost, ({ template, text }) => note('template', `${titled(template)} ${text}`)),
    ...(never > 0 ? [note('template', `${never} more that are never propagated`)] : []),
  ];
  const text = `${titled(policy)} has ${own.length} of ${followed.length} that match`;
  const step =
    own.length > 0
      ? good('policy', text, below)
      : bad('policy', lost.length > 0 ? lostAll(policy, lost) : noneMatches(facts), text, below);
  const blocked = firstBlock([step]);
  return { ...told, ...(blocked ? { blocked } : {}), walk: [step] };
}

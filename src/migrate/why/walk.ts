/** The walk of a template to its members, from what was read. Pure. */
import type { Cluster } from '#apis/cluster/cluster.ts';
import { workName, workNamespace } from '#apis/names/annotations.ts';
import { claimedBy, managed } from '#apis/names/labels.ts';
import { clusterOfExecutionNamespace } from '#apis/names/objects.ts';
import type { Policy } from '#apis/policy/matching.ts';
import { type AnyOverridePolicy, rulesFor } from '#apis/policy/overrides/select.ts';
import type { Binding } from '#apis/work/binding.ts';
import type { Work } from '#apis/work/work.ts';
import { isTemplate } from '#flow/1-detect/plan/propagated.ts';
import { targetsOf } from '#flow/3-render/plan/targets.ts';
import { isManaged } from '#flow/4-execute/plan.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import { titled } from '../model.ts';
import { whySkipped } from '../reading/selection.ts';
import { bindingSteps } from './binding.ts';
import { clusterStep, leavingStep, type MemberFact } from './cluster.ts';
import { matchPolicies } from './matching.ts';
import { type Needing, needingSteps } from './needed.ts';
import { scheduleStep, type Verdict } from './schedule.ts';
import { type Block, bad, firstBlock, good, note, type Step, type Why } from './story.ts';
import { listed, mend, mergePatch, subjectOf, typed } from './words.ts';

export interface Facts {
  readonly template: UnstructuredObject;
  /** Its kind is of those that are propagated. */
  readonly propagates: boolean;
  readonly madeBy?: readonly string[];
  /** Of the member that was asked for: how its object comes to be there. */
  readonly origin?: Step;
  readonly policies: readonly Policy[];
  readonly overrides: readonly AnyOverridePolicy[];
  readonly clusters: readonly Cluster[];
  readonly binding: Binding | undefined;
  /** Whose templates need it. */
  readonly needing: readonly Needing[];
  readonly verdict: Verdict | string | undefined;
  readonly works: readonly Work[];
  /** By cluster: why its manifest cannot be rendered. */
  readonly failures: ReadonlyMap<string, Error>;
  readonly members: ReadonlyMap<string, MemberFact>;
  readonly warnings: readonly string[];
}

/** Namespaces nothing is propagated from, by the controllers' default. */
export const skippedNamespaces = [/^kube-.*$/];

function templateStep({ template, propagates }: Facts): Step {
  if (template.metadata.deletionTimestamp) return deletedStep(template);
  if (propagates && isTemplate(template, skippedNamespaces)) return good('template', titled(template));
  const owner = template.metadata.labels?.[claimedBy];
  if (owner) return note('template', `${titled(template)} is propagated by ${owner}, not by policies`);
  const sentence = `${titled(template)} is never propagated: it is the control plane's own.`;
  return bad('template', { sentence, mend: mend('look at it', `flotilla describe ${typed(template)}`) });
}

/** Nothing is left of it once its finalizers are gone. */
function deletedStep(template: UnstructuredObject): Step {
  const { finalizers = [] } = template.metadata;
  if (finalizers.length === 0) return note('template', `${titled(template)} is being deleted`);
  const sentence = `${titled(template)} is being deleted, and waits for whoever set its finalizers: ${listed(finalizers)}.`;
  const patch = mergePatch(template, { metadata: { finalizers: null } });
  return bad('template', { sentence, mend: mend('where they are gone for good, wait no longer for them', patch) });
}

export function walk(facts: Facts): Why {
  const { template, policies, binding, clusters, madeBy } = facts;
  const first = templateStep(facts);
  const told = { object: subjectOf(template), ...(madeBy ? { madeBy } : {}) };
  if (first.block && !binding)
    return { ...told, blocked: first.block, walk: [...(facts.origin ? [facts.origin] : []), first] };
  const names = clusters.map(({ metadata }) => metadata.name!).sort();
  const { step, policy } = matchPolicies(template, policies, names, facts.needing);
  const steps = [...(facts.origin ? [facts.origin] : []), first, step];
  if (policy || binding) steps.push(...bindingSteps({ ...facts, policy }));
  if (binding) steps.push(...afterBinding(facts, binding, policy));
  const blocked = firstBlock(steps);
  return { ...told, ...(blocked ? { blocked } : {}), walk: steps };
}

function afterBinding(facts: Facts, binding: Binding, policy: Policy | undefined): readonly Step[] {
  const { template, overrides, clusters, verdict, works, failures, members } = facts;
  const rules = rulesFor(overrides, template);
  const reached = targetsOf(binding.spec).map(({ name }) =>
    clusterStep({
      name,
      template,
      policy,
      binding,
      cluster: clusters.find(({ metadata }) => metadata.name === name),
      rules,
      failure: failures.get(name),
      work: works.find(({ metadata }) => clusterOfExecutionNamespace(metadata.namespace!) === name),
      member: members.get(name) ?? { unreached: 'nothing is known of it' },
    }),
  );
  const left = works
    .filter(
      ({ metadata }) => metadata.deletionTimestamp && !members.has(clusterOfExecutionNamespace(metadata.namespace!)!),
    )
    .map((work) => {
      const name = clusterOfExecutionNamespace(work.metadata.namespace!)!;
      const step = leavingStep(name, template, work);
      return bad('cluster', step.block!, `${name}, which it is to leave`, [step]);
    });
  const scheduled = verdict === undefined ? [] : [scheduleStep({ binding, policy, clusters, verdict })];
  return [...scheduled, ...needingSteps(facts.needing), ...reached, ...left];
}

/** Whose the object is that a member has, where the control plane has a template of it. */
export function originStep(object: UnstructuredObject, cluster: string): Step {
  const { annotations = {}, namespace } = object.metadata;
  if (!isManaged(object)) {
    const sentence = `${titled(object)} in ${cluster} is not managed, although the control plane has a template of that name.`;
    const plan = `flotilla migrate plan --from ${cluster}${namespace ? ` -n ${namespace}` : ''} --kinds ${object.kind.toLowerCase()} --out plans/${object.metadata.name}`;
    return bad('origin', { sentence, mend: mend('see what taking it over would do', plan) });
  }
  const work = `${annotations[workNamespace] ?? ''}/${annotations[workName] ?? ''}`;
  return good(
    'origin',
    `${titled(object)} in ${cluster} is managed: Work ${work} holds it, made of the template of that name`,
  );
}

/** Of an object that only members have. */
export function unmanaged(object: UnstructuredObject, where: readonly string[], madeBy?: readonly string[]): Why {
  const block = notManaged(object, where);
  const { namespace, name } = object.metadata;
  const alone = `flotilla promote ${object.kind.toLowerCase()} ${name}${namespace ? ` -n ${namespace}` : ''} -C ${where[0]}`;
  const promote = whySkipped(object) === undefined ? [note('template', `or take it alone: ${alone}`)] : [];
  return {
    object: subjectOf(object),
    ...(madeBy ? { madeBy } : {}),
    blocked: block,
    walk: [bad('template', block, `none; it is in ${listed(where)}`, promote)],
  };
}

function notManaged(object: UnstructuredObject, where: readonly string[]): Block {
  const [cluster = ''] = where;
  const { namespace, name } = object.metadata;
  const place = namespace ? ` -n ${namespace}` : '';
  const plan = `flotilla migrate plan --from ${cluster}${place}`;
  if (isManaged(object)) {
    const sentence = `${titled(object)} is marked as managed in ${listed(where)}, but the control plane has no template of it.`;
    const command = `flotilla label ${typed(object)} ${managed}- --context ${cluster}`;
    return { sentence, mend: mend('take the mark off there, so that it can be taken over', command) };
  }
  const own = whySkipped(object);
  if (own !== undefined) {
    const sentence = `${titled(object)} is not managed, nor is it ever taken over: ${own}.`;
    const command = `${plan} --out plans/${namespace ?? cluster}`;
    return { sentence, mend: mend('see what is taken over of what is around it', command) };
  }
  return {
    sentence: `${titled(object)} is not managed: it is in ${listed(where)}, and the control plane has no template of it.`,
    mend: mend('see what taking it over would do', `${plan} --kinds ${object.kind.toLowerCase()} --out plans/${name}`),
  };
}

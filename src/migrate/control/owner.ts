/** To whom a template falls once it is in the control plane: detection's own decision among the policies there. Pure. */
import type { Policy } from '#apis/policy/matching.ts';
import { decide, type PolicyView } from '#flow/1-detect/plan.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import { titled } from '../model.ts';
import { planLabel, policyOf } from '../policies.ts';
import { bySelected } from './selected.ts';

/** The policy that would have it in place of the plan's own; undefined where that one gets it. */
export type RivalOf = (template: UnstructuredObject, plan: string) => Policy | undefined;

export function rivals(policies: readonly Policy[]): RivalOf {
  const selecting = bySelected(policies);
  return (template, plan) => {
    const others = selecting(template).filter(({ metadata }) => metadata.labels?.[planLabel] !== plan);
    if (others.length === 0) return undefined;
    const candidates = [...others, policyOf(plan, template)];
    const view: PolicyView = {
      claimed: () => undefined,
      namespaced: candidates.filter((each) => each.kind === 'PropagationPolicy') as PolicyView['namespaced'],
      clusterWide: candidates.filter((each) => each.kind === 'ClusterPropagationPolicy') as PolicyView['clusterWide'],
      preemption: false,
    };
    const winner = decide(template, view).follow;
    return others.find((each) => each === winner);
  };
}

export function rivalWords(rival: Policy): string {
  const priority = rival.spec.priority > 0 ? `, with priority ${rival.spec.priority},` : '';
  return `${titled(rival)} selects it too${priority} and would have it in place of the plan's policy; change that one, or leave this object out with --kinds or -l`;
}

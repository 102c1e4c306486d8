/** Why a member does not take a manifest, by its API server's own words, and where to look or what to type then. */
import type { Policy } from '#apis/policy/matching.ts';
import type { Work } from '#apis/work/work.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import { titled } from '../model.ts';
import type { Mend } from './story.ts';
import { mend, mergePatch, typed } from './words.ts';

export interface Refusal {
  readonly cluster: string;
  readonly template: UnstructuredObject;
  readonly policy: Policy | undefined;
  readonly work: Work;
  readonly message: string;
}

type Rule = readonly [RegExp, (refusal: Refusal, match: RegExpExecArray) => Mend];

const inMember = (cluster: string) => `--operation-scope members -C ${cluster}`;
const hooks = 'validatingwebhookconfigurations,mutatingwebhookconfigurations';

/** The first that matches is told. */
const rules: readonly Rule[] = [
  [
    /exceeded quota: ([a-z0-9.-]+)/,
    ({ cluster, template }, [, quota]) =>
      mend(
        'see what the quota leaves',
        `flotilla describe resourcequota/${quota} -n ${template.metadata.namespace} ${inMember(cluster)}`,
      ),
  ],
  [
    /admission webhook "([^"]+)" denied the request|failed calling webhook "([^"]+)"/,
    ({ cluster }, [, denying, failing]) =>
      mend(`see who has ${denying ?? failing} asked there`, `flotilla get ${hooks} ${inMember(cluster)} -o wide`),
  ],
  [
    /no matches for kind|could not find the requested resource/,
    ({ template, policy, cluster }) => {
      const annotations = { 'policy.flotilla.io/propagate-closure': 'true' };
      const patch = { metadata: { annotations }, spec: { propagateDeps: true } };
      return policy && template.metadata.namespace
        ? mend("have the kind's definition go there too", mergePatch(policy, patch))
        : mend('see what kinds it has', `flotilla api-resources --context ${cluster}`);
    },
  ],
  [
    /cannot (?:get|create|update|patch|delete) resource/,
    ({ cluster }) =>
      mend(
        'see what the account that joined it may do there',
        `flotilla get clusterrolebindings ${inMember(cluster)} -o wide`,
      ),
  ],
  [
    /namespaces? "([^"]+)" (?:not found|is being terminated)|because it is being terminated/,
    ({ cluster, template }) =>
      mend(
        'see how its namespace is there',
        `flotilla describe namespace/${template.metadata.namespace} ${inMember(cluster)}`,
      ),
  ],
  [
    /is immutable|immutable after creation/,
    ({ cluster, template }) =>
      mend('see what it is there', `flotilla get ${typed(template)} ${inMember(cluster)} -o yaml`),
  ],
];

export function mendOfRefusal(refusal: Refusal): Mend {
  for (const [words, answer] of rules) {
    const match = words.exec(refusal.message);
    if (match) return answer(refusal, match);
  }
  return mend('see all that is said of it', `flotilla describe ${typed(refusal.work)}`);
}

export const refusalSentence = ({ cluster, template, message }: Refusal): string =>
  `${cluster} does not take ${titled(template)}: ${message}.`;

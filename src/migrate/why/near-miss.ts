/** Policies that match all but for one thing: another namespace, another kind, a letter of the name, a missing label. */
import { type Policy, policyRank } from '#apis/policy/matching.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { distance } from '#kube/names/distance.ts';
import { labelSelectorMatcher } from '#kube/selector/labels.ts';
import type { Mend } from './story.ts';
import { jsonPatch, mend, typed } from './words.ts';

type Selector = Policy['spec']['resourceSelectors'][number];

export interface NearMiss {
  /** Continues "it comes near, but". */
  readonly why: string;
  /** The smaller the nearer. */
  readonly distance: number;
  readonly mend?: Mend;
}

/** More letters than that are another name. */
const mostLetters = 2;

/** The nearest of its selectors; undefined where none comes near, or one matches. */
export function nearMiss(policy: Policy, template: KubeObject): NearMiss | undefined {
  if (policyRank(policy, template) > 0) return undefined;
  const misses = policy.spec.resourceSelectors.flatMap((selector, i) => missOf(policy, selector, i, template) ?? []);
  return misses.sort((a, b) => a.distance - b.distance)[0];
}

/** What differs, where it is one thing alone. */
function missOf(policy: Policy, selector: Selector, at: number, template: KubeObject): NearMiss | undefined {
  const misses = differences(policy, selector, at, template);
  const [only, ...more] = misses;
  return only === 'far' || more.length > 0 ? undefined : only;
}

function differences(
  policy: Policy,
  selector: Selector,
  at: number,
  template: KubeObject,
): readonly (NearMiss | 'far')[] {
  const { namespace, name } = template.metadata;
  const set = (field: string, value: string | undefined) =>
    mend(
      'correct its selector',
      jsonPatch(policy, [{ op: 'replace', path: `/spec/resourceSelectors/${at}/${field}`, value }]),
    );
  const found: (NearMiss | 'far')[] = [];
  if (policy.kind === 'PropagationPolicy' && policy.metadata.namespace !== namespace) {
    const why = namespace
      ? `it is in namespace ${policy.metadata.namespace}, and a PropagationPolicy is for its own namespace alone`
      : `a PropagationPolicy is never for what has no namespace; a ClusterPropagationPolicy is`;
    found.push({ why, distance: 4 });
  } else if (selector.namespace && selector.namespace !== namespace) {
    const why = `its selector is for namespace ${selector.namespace}, not ${namespace ?? 'for what has none'}`;
    found.push({ why, distance: 4, mend: set('namespace', namespace) });
  }
  found.push(...kindDifference(selector, template, set));
  if (selector.name && selector.name !== name) {
    const letters = distance(selector.name, name!);
    const why = `it selects "${selector.name}", not "${name}"`;
    found.push(letters <= mostLetters ? { why, distance: letters, mend: set('name', name) } : 'far');
  } else if (!selector.name && selector.labelSelector) {
    found.push(...labelDifference(selector.labelSelector, template));
  }
  return found;
}

function kindDifference(
  selector: Selector,
  { apiVersion, kind, metadata }: KubeObject,
  set: (field: string, value: string) => Mend,
): readonly (NearMiss | 'far')[] {
  const found: (NearMiss | 'far')[] = [];
  if (selector.apiVersion !== apiVersion) {
    const why = `it selects apiVersion ${selector.apiVersion}, not ${apiVersion}`;
    const near = selector.kind === kind;
    found.push(near ? { why, distance: 2, mend: set('apiVersion', apiVersion) } : 'far');
  }
  if (selector.kind !== kind) {
    const letters = distance(selector.kind.toLowerCase(), kind.toLowerCase());
    const near = letters <= mostLetters || (selector.name !== undefined && selector.name === metadata.name);
    const why = `it selects kind ${selector.kind}, not ${kind}`;
    found.push(near ? { why, distance: 1 + Math.min(letters, mostLetters), mend: set('kind', kind) } : 'far');
  }
  return found;
}

/** None where the labels match, or the selector cannot be read. */
function labelDifference(
  selector: NonNullable<Selector['labelSelector']>,
  template: KubeObject,
): readonly (NearMiss | 'far')[] {
  const { labels = {} } = template.metadata;
  try {
    if (labelSelectorMatcher(selector).matches(labels)) return [];
  } catch {
    return ['far'];
  }
  const wanted = Object.entries((selector.matchLabels ?? {}) as Readonly<Record<string, string>>);
  const lacking = wanted.filter(([key, value]) => labels[key] !== value).map(([key, value]) => `${key}=${value}`);
  if (lacking.length === 0) return [{ why: 'its matchExpressions do not match the labels', distance: 3 }];
  const why = `the label ${lacking.join(', ')} is lacking`;
  const command = `flotilla label ${typed(template)} ${lacking.join(' ')} --overwrite`;
  return [{ why, distance: 2 + lacking.length, mend: mend('label it', command) }];
}

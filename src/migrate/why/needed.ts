/** Who needs an object that has no policy of its own, what brings it along with them, and what keeps it from coming. Pure. */
import type { Policy } from '#apis/policy/matching.ts';
import type { Binding } from '#apis/work/binding.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { titled } from '../model.ts';
import { type Block, note, type Step } from './story.ts';
import { listed, mend, mergePatch, typed } from './words.ts';

/** A binding that the object is said to be required by, or whose template is found to need it. */
export interface Needing {
  readonly namespace?: string;
  readonly name: string;
  /** Absent of one that is gone. */
  readonly binding?: Binding;
  /** Who propagates the template that needs it. */
  readonly policy?: Policy;
  /** By `spec.requiredBy` of the object's own binding; the clusters it is brought to. */
  readonly brings?: readonly string[];
  /** What it is for, where a closure says so: `selects Pods of Deployment shop/web`. */
  readonly because?: string;
  /** The latest thing that went wrong with the binding's dependencies. */
  readonly warning?: string;
}

const placeOf = ({ namespace, name }: Needing) => `ResourceBinding ${namespace ? `${namespace}/` : ''}${name}`;

function templateOf(binding: Binding): Pick<KubeObject, 'kind' | 'metadata'> {
  const { kind, namespace, name } = binding.spec.resource;
  return { kind, metadata: { name, ...(namespace ? { namespace } : {}) } };
}

const whose = (needing: Needing): string =>
  needing.binding ? titled(templateOf(needing.binding)) : `${placeOf(needing)}, which is gone`;

/** With whom it comes along, in words; the first of them by name. */
export const withWhom = (all: readonly Needing[]): string => listed(all.map(whose));

export function needingSteps(all: readonly Needing[]): readonly Step[] {
  return all
    .filter(({ brings }) => brings !== undefined)
    .map((needing) => {
      const { binding, policy, brings = [], because } = needing;
      const how = binding ? ` (${placeOf(needing)}${policy ? ` of ${titled(policy)}` : ''})` : '';
      const where = brings.length > 0 ? `in ${listed(brings)}` : 'in no cluster yet';
      return note('required by', `${whose(needing)}${how}, ${where}${because ? `: it ${because}` : ''}`);
    });
}

/** Bindings that bring along what their templates need, or would if they were placed. */
export const bringing = (all: readonly Needing[]): readonly Needing[] =>
  all.filter(({ binding }) => binding?.spec.propagateDeps === true);

/** Why none of those that need it has brought it anywhere; undefined where nobody needs it. */
export function notBrought(object: KubeObject, all: readonly Needing[]): Block | undefined {
  const [first] = bringing(all);
  const without = `${titled(object)} has no policy of its own`;
  if (first?.binding) {
    const template = templateOf(first.binding);
    if ((first.binding.spec.clusters ?? []).length === 0) {
      const sentence = `${without}, and ${titled(template)}, which needs it, is in no cluster yet.`;
      return { sentence, mend: mend('see why', `flotilla why ${typed(template)}`) };
    }
    const because = (first.warning ?? 'is karmada-controller-manager running?').replace(/\.$/, '');
    const sentence = `${without}, and ${titled(template)}, which needs it, has not brought it along yet: ${because}${because.endsWith('?') ? '' : '.'}`;
    const look = first.warning ? `flotilla describe ${typed(first.binding)}` : 'flotilla status';
    return { sentence, mend: mend(first.warning ? 'see all that is said of it' : 'see what runs', look) };
  }
  const alone = all.find(({ binding, policy }) => binding && policy && !policy.spec.propagateDeps);
  if (!alone?.binding || !alone.policy) return undefined;
  const sentence = `${without}, and ${titled(alone.policy)} does not bring along what ${titled(templateOf(alone.binding))} needs (spec.propagateDeps).`;
  return { sentence, mend: mend('bring it along', mergePatch(alone.policy, { spec: { propagateDeps: true } })) };
}

/** What the objects of a plan would be without, cluster by cluster. Pure. */
import { skipAutoPropagation } from '#apis/names/labels.ts';
import type { KubeObject, UnstructuredObject } from '#kube/meta/object.ts';
import type { Lack } from '../model.ts';
import { whySkipped } from '../reading/selection.ts';
import { keyOfNamed, type Named, namedOf } from './named.ts';
import { isClass, type Reference } from './references.ts';
import type { Related } from './related.ts';

/** What becomes of an object that was selected. */
export type Standing =
  | { readonly is: 'taken'; readonly clusters: readonly string[] }
  | { readonly is: 'refused'; readonly why: string };

/** A template that the control plane has, and where it goes. */
export interface Held {
  readonly clusters: readonly string[];
  /** `PropagationPolicy shop/all`; absent: no policy has it. */
  readonly policy?: string;
  /** It leaves alone what is in a cluster already. */
  readonly aborts: boolean;
}

export interface LackInput {
  readonly object: UnstructuredObject;
  readonly related: readonly Related[];
  /** Where the plan puts it. */
  readonly clusters: readonly string[];
  /** The running cluster. */
  readonly from: string;
  readonly standingOf: (key: string) => Standing | undefined;
  readonly heldOf: (named: Named) => Held | undefined;
  /** Undefined where it is not known. */
  readonly isIn: (cluster: string, named: Named) => boolean | undefined;
  readonly serves: (cluster: string, object: UnstructuredObject) => boolean | undefined;
  /** Of the control plane. */
  readonly namespaceOf: (name: string) => KubeObject | undefined;
}

export function lacksOf(input: LackInput): readonly Lack[] {
  const lacks = input.related.flatMap((each) => lackOf(input, each) ?? []);
  return [...lacks, ...placeLack(input), ...kindLack(input)];
}

const lack = (of: Reference, is: Lack['is'], clusters: readonly string[], why?: string): Lack => ({
  apiVersion: of.apiVersion,
  kind: of.kind,
  ...(of.namespace ? { namespace: of.namespace } : {}),
  name: of.name,
  because: of.because,
  is,
  ...(clusters.length > 0 ? { clusters } : {}),
  ...(why === undefined ? {} : { why }),
});

function lackOf(input: LackInput, related: Related): Lack | undefined {
  const { clusters, from, standingOf, heldOf, isIn } = input;
  const { live } = related;
  const standing = standingOf(keyOfNamed(related));
  const held = standing?.is === 'taken' ? undefined : heldOf(related);
  const isThere = (cluster: string) => (cluster === from ? live !== undefined : isIn(cluster, related) !== false);
  const comesTo = (cluster: string) =>
    (standing?.is === 'taken' && standing.clusters.includes(cluster)) || held?.clusters.includes(cluster) === true;
  const without = clusters.filter((cluster) => !isThere(cluster) && !comesTo(cluster));
  if (without.length === 0) return unmanaged(input, related, standing, held);
  if (standing?.is === 'taken') return lack(related, 'elsewhere', without);
  if (held) return lack(related, 'held', without, held.policy);
  // It runs without here already, and does so elsewhere.
  if (!live) return related.optional ? undefined : lack(related, 'missing', without);
  if (standing) return lack(related, 'refused', without, standing.why);
  return lack(related, 'left-out', without, whySkipped(live));
}

/** Everything is in place, but what is in the running cluster stays nobody's. */
function unmanaged(
  { from }: LackInput,
  related: Related,
  standing: Standing | undefined,
  held: Held | undefined,
): Lack | undefined {
  const { live } = related;
  if (!live || standing || isClass(related) || whySkipped(live) !== undefined) return undefined;
  if (!held) return lack(related, 'left-out', []);
  const stays = held.aborts && held.clusters.includes(from);
  return stays ? lack(related, 'held', [], held.policy) : undefined;
}

/** Namespaces are made in every cluster, but for those that are to be kept out. */
function placeLack({ object, clusters, from, isIn, standingOf, namespaceOf }: LackInput): readonly Lack[] {
  const { namespace } = object.metadata;
  const place = namespace === undefined ? undefined : namespaceOf(namespace);
  const skipped = place?.metadata.labels?.[skipAutoPropagation]?.toLowerCase() === 'true';
  if (!place || !skipped) return [];
  const named = namedOf(place);
  const standing = standingOf(keyOfNamed(named));
  const without = clusters.filter(
    (cluster) =>
      cluster !== from &&
      isIn(cluster, named) === false &&
      !(standing?.is === 'taken' && standing.clusters.includes(cluster)),
  );
  const because = 'is where it is put';
  return without.length > 0 ? [lack({ ...named, because }, 'held', without, `its label ${skipAutoPropagation}`)] : [];
}

/** A definition among the related says it for kinds that have one. */
function kindLack({ object, related, clusters, from, serves }: LackInput): readonly Lack[] {
  if (related.some(({ kind }) => kind === 'CustomResourceDefinition')) return [];
  const without = clusters.filter((cluster) => cluster !== from && serves(cluster, object) === false);
  return without.length > 0
    ? [lack({ ...namedOf(object), because: 'is a part of the plan' }, 'not-served', without)]
    : [];
}

/** What would change in each cluster, from the manifests as they are rendered now and as they would be. Pure. */
import type { Binding } from '#apis/work/binding.ts';
import type { Manifests } from '#flow/3-render/plan/manifests.ts';
import { isSuspended, isWorkload, targetsOf } from '#flow/3-render/plan/targets.ts';
import { compare, touched } from '#kube/apply/typed/compare.ts';
import { formatPath } from '#kube/fields/element.ts';
import { leaves, pathsOf } from '#kube/fields/fieldset.ts';
import type { KindDefinition } from '#kube/kind/definition.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import { verdictOf } from '../plan/verdict.ts';
import type { ClusterOutcome } from './model.ts';

export interface Side {
  readonly binding: Binding | undefined;
  readonly manifests: Manifests;
}

export interface DifferInput {
  readonly template: UnstructuredObject;
  readonly kind: KindDefinition;
  readonly before: Side;
  readonly after: Side;
}

/** Kinds besides those with replicas whose Pods go with them. */
const runningKinds = new Set(['DaemonSet', 'Job', 'CronJob', 'Pod']);

const placesOf = ({ binding }: Side) =>
  new Map((binding ? targetsOf(binding.spec) : []).map(({ name, replicas }) => [name, replicas]));

export function differences(input: DifferInput): readonly ClusterOutcome[] {
  const [before, after] = [placesOf(input.before), placesOf(input.after)];
  return [...new Set([...before.keys(), ...after.keys()])].sort().flatMap((cluster) => {
    const replicas = replicasOf(before.get(cluster), after.get(cluster));
    if (!after.has(cluster)) return [leaving(input, cluster, replicas)];
    const failure = input.after.manifests.failures.get(cluster);
    const held = input.after.binding && isSuspended(input.after.binding.spec, cluster);
    const notes = [
      ...(failure ? [`it cannot be rendered, and stays as it is: ${failure.message}`] : []),
      ...(held ? ['dispatching is suspended: nothing is written until it is resumed'] : []),
    ];
    if (!before.has(cluster)) return [{ cluster, is: 'comes', ...replicas, ...noted(notes) } as const];
    return changing(input, cluster, replicas, notes);
  });
}

const noted = (notes: readonly string[]) => (notes.length > 0 ? { notes } : {});

function replicasOf(before: number | undefined, after: number | undefined): Pick<ClusterOutcome, 'replicas'> {
  if (before === undefined && after === undefined) return {};
  return { replicas: { ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) } };
}

function leaving({ template, before, after }: DifferInput, cluster: string, replicas: object): ClusterOutcome {
  const kept = after.binding?.spec.preserveResourcesOnDeletion === true;
  if (kept) return { cluster, is: 'leaves', ...replicas, notes: ['the object stays there, no longer managed'] };
  const stops = (before.binding && isWorkload(before.binding.spec)) || runningKinds.has(template.kind);
  return { cluster, is: 'leaves', ...replicas, ...(stops ? { stops: true } : {}) };
}

function changing(
  { kind, before, after }: DifferInput,
  cluster: string,
  replicas: object,
  notes: readonly string[],
): readonly ClusterOutcome[] {
  const [old, fresh] = [before.manifests.rendered.get(cluster), after.manifests.rendered.get(cluster)];
  const base = { cluster, is: 'changes', ...replicas, ...noted(notes) } as const;
  if (!old || !fresh) return notes.length > 0 ? [base] : [];
  const changes = compare(kind.schema, old.manifest, fresh.manifest);
  const gone = leaves(changes.removed);
  const fields = [...new Set([...pathsOf(leaves(touched(changes))), ...pathsOf(gone)].map(formatPath))].sort();
  if (fields.length === 0) return notes.length > 0 ? [base] : [];
  const verdict = verdictOf({ live: old.manifest, answer: fresh.manifest, kind });
  const hurting = verdict.is === 'restart' ? verdict.fields.map(({ path }) => path) : [];
  const restarts = hurting.filter((path) => path !== '.spec.replicas');
  return [
    {
      ...base,
      fields,
      ...(restarts.length > 0 ? { restarts } : {}),
      ...(hurting.length > restarts.length ? { stops: true } : {}),
    },
  ];
}

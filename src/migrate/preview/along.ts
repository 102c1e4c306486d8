/** What a template needs in the clusters that it comes to: what comes along with it, and what would not be there. */
import { bindingNameFor } from '#apis/names/objects.ts';
import { type Policy, policyRank, type Selectable } from '#apis/policy/matching.ts';
import type { Binding } from '#apis/work/binding.ts';
import { targetsOf } from '#flow/3-render/plan/targets.ts';
import { wantsClosure } from '#interpreter/closure/record.ts';
import type { Dependency, Interpreter } from '#interpreter/interpreter.ts';
import { keyFor } from '#kube/meta/key.ts';
import { parseApiVersion } from '#kube/meta/kind.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import { isReason } from '#kube/status/status.ts';
import type { Source } from '../reading/inventory.ts';
import { listed } from '../why/words.ts';

export interface AlongInput {
  readonly control: Source;
  /** Throws where there is no way to it. */
  readonly member: (name: string) => Promise<Source>;
  readonly interpreter: Pick<Interpreter, 'getDependencies'>;
  readonly template: UnstructuredObject;
  readonly binding: Binding;
  /** Clusters that it comes to. */
  readonly comes: readonly string[];
  /** By namespace and name, as they are. */
  readonly bindings: ReadonlyMap<string, Binding>;
  /** Policies of the same preview: what they select is told of by itself. */
  readonly proposed: readonly Policy[];
}

type Named = Dependency & { readonly name: string };

async function isIn({ client, mapper }: Source, { apiVersion, kind, namespace, name }: Named): Promise<boolean> {
  const resource = await mapper.find({ ...parseApiVersion(apiVersion), kind });
  if (!resource) return false;
  try {
    await client.resource(resource).get({ name, ...(resource.namespaced && namespace ? { namespace } : {}) });
    return true;
  } catch (error) {
    if (isReason(error, 'NotFound')) return false;
    throw error;
  }
}

/** Whether it is there; who cannot be asked is told elsewhere. */
async function isInMember({ member }: AlongInput, cluster: string, dependency: Named): Promise<boolean> {
  try {
    return await isIn(await member(cluster), dependency);
  } catch {
    return true;
  }
}

const titleOf = ({ kind, namespace, name }: Named): string => `${kind} ${keyFor(namespace, name)}`;

const selectable = ({ apiVersion, kind, namespace, name }: Named): Selectable => ({
  apiVersion,
  kind,
  metadata: { ...(namespace ? { namespace } : {}), name },
});

/** In words. */
export async function alongNotes(input: AlongInput): Promise<readonly string[]> {
  const { control, interpreter, template, binding, comes, bindings, proposed } = input;
  if (comes.length === 0) return [];
  if (binding.spec.propagateDeps && wantsClosure(binding)) return ['all that belongs to it comes along'];
  const dependencies = await interpreter.getDependencies(template);
  const [brought, missing]: [string[], string[]] = [[], []];
  const lacking = new Map<string, string[]>();
  for (const each of dependencies) {
    if (each.name === undefined) continue;
    const dependency: Named = { ...each, name: each.name };
    if (proposed.some((policy) => policyRank(policy, selectable(dependency)) > 0)) continue;
    const own = bindings.get(keyFor(dependency.namespace, bindingNameFor(dependency.kind, dependency.name)));
    const places = new Set(own ? targetsOf(own.spec).map(({ name }) => name) : []);
    const without = comes.filter((cluster) => !places.has(cluster));
    if (without.length === 0) continue;
    if (binding.spec.propagateDeps) {
      const there = own !== undefined || (await isIn(control, dependency));
      (there ? brought : missing).push(titleOf(dependency));
      continue;
    }
    for (const cluster of without) {
      if (await isInMember(input, cluster, dependency)) continue;
      lacking.set(cluster, [...(lacking.get(cluster) ?? []), titleOf(dependency)]);
    }
  }
  return [
    ...(brought.length > 0 ? [`comes with what it needs: ${listed(brought)}`] : []),
    ...(missing.length > 0 ? [`needs ${listed(missing)}, which the control plane does not have`] : []),
    ...[...lacking].map(
      ([cluster, names]) => `needs ${listed(names)}, which ${cluster} would not have; propagateDeps brings it along`,
    ),
  ];
}

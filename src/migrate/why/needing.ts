/** Reads whose templates need an object: from its own binding, else from the bindings around it and what their templates say. */

import { dependencies as dependenciesAnnotation } from '#apis/names/annotations.ts';
import { claimOf } from '#apis/policy/claim.ts';
import { type Policy, policyRank } from '#apis/policy/matching.ts';
import type { Binding } from '#apis/work/binding.ts';
import { ResourceBindingKind } from '#apis/work/resource-binding.ts';
import type { ApiClient, TypedResource } from '#client/api-client.ts';
import { listAll } from '#client/list-all.ts';
import { recordedClosure, referencesIn } from '#interpreter/closure/record.ts';
import type { Dependency, Interpreter } from '#interpreter/interpreter.ts';
import { keyFor, keyOf } from '#kube/meta/key.ts';
import { parseApiVersion } from '#kube/meta/kind.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import { labelSelectorMatcher } from '#kube/selector/labels.ts';
import { eachLimited } from '#runtime/each.ts';
import { isUnreadable } from '../reading/inventory.ts';
import type { Needing } from './needed.ts';

/** Templates read to learn what they need, of bindings that do not record it. */
const mostTemplates = 200;
/** Read at a time. */
const atATime = 8;

export interface NeedingReader {
  readonly client: ApiClient;
  readonly interpreter: Interpreter;
  readonly policies: readonly Policy[];
  /** Undefined for what is not there. */
  readonly templateOf: (resource: Binding['spec']['resource']) => Promise<UnstructuredObject | undefined>;
  /** What went wrong with the dependencies of a binding, the latest first. */
  readonly failuresOf: (binding: Binding) => Promise<readonly string[]>;
}

function isMeant({ apiVersion, kind, namespace, name, labelSelector }: Dependency, object: UnstructuredObject) {
  const { group } = parseApiVersion(apiVersion);
  const { metadata } = object;
  if (group !== parseApiVersion(object.apiVersion).group || kind !== object.kind) return false;
  if ((namespace ?? '') !== (metadata.namespace ?? '')) return false;
  if (name) return name === metadata.name;
  try {
    return labelSelectorMatcher(labelSelector).matches(metadata.labels ?? {});
  } catch {
    return false;
  }
}

/** Does the template of this binding need the object? By its record, else by what the template says. */
async function needs(reader: NeedingReader, binding: Binding, object: UnstructuredObject): Promise<boolean> {
  const recorded = binding.metadata.annotations?.[dependenciesAnnotation];
  if (recorded !== undefined) return referencesIn<Dependency>(recorded).some((each) => isMeant(each, object));
  const template = await reader.templateOf(binding.spec.resource);
  if (!template || template.metadata.uid === object.metadata.uid) return false;
  try {
    return (await reader.interpreter.getDependencies(template)).some((each) => isMeant(each, object));
  } catch {
    // That its interpreter fails is its own story.
    return false;
  }
}

/** By the name of their bindings. Nobody where the object follows a policy and nobody brings it anywhere besides. */
export async function needingOf(
  reader: NeedingReader,
  object: UnstructuredObject,
  own: Binding | undefined,
): Promise<readonly Needing[]> {
  const snapshots = own?.spec.requiredBy ?? [];
  const follows = reader.policies.some((policy) => policyRank(policy, object) > 0);
  if (snapshots.length === 0 && follows) return [];
  const bindings = await bindingsAround(reader.client, object.metadata.namespace, snapshots);
  const byKey = new Map(bindings.map((binding) => [keyOf(binding), binding]));
  const required = snapshots.map(({ namespace, name, clusters = [] }) => ({
    namespace,
    name,
    brings: clusters.map((each) => each.name),
    binding: byKey.get(keyFor(namespace, name)),
  }));
  if (required.length > 0) return required.map((each) => told(reader, each, object));
  const found = await eachLimited(candidates(bindings), atATime, async (binding) => {
    const because = becauseOf(binding, object);
    if (because === undefined && !(await needs(reader, binding, object))) return [];
    const { namespace, name } = binding.metadata;
    const [warning] = await reader.failuresOf(binding);
    return [told(reader, { namespace, name: name!, binding, ...(warning ? { warning } : {}) }, object)];
  });
  return found.flat();
}

/** Those that record what they need are all asked; of the others only so many. */
function candidates(bindings: readonly Binding[]): readonly Binding[] {
  const alive = bindings.filter(({ metadata, spec }) => !metadata.deletionTimestamp && spec.placement !== undefined);
  const isRecorded = ({ metadata }: Binding) => metadata.annotations?.[dependenciesAnnotation] !== undefined;
  return [...alive.filter(isRecorded), ...alive.filter((each) => !isRecorded(each)).slice(0, mostTemplates)];
}

const becauseOf = (binding: Binding, object: UnstructuredObject): string | undefined =>
  recordedClosure(binding).find((member) => isMeant(member, object))?.because;

type Found = Pick<Needing, 'name' | 'brings' | 'warning'> & {
  readonly namespace?: string | undefined;
  readonly binding?: Binding | undefined;
};

function told(
  { policies }: NeedingReader,
  { namespace, binding, ...found }: Found,
  object: UnstructuredObject,
): Needing {
  const claim = binding && claimOf(binding);
  const policy = policies.find(
    ({ kind, metadata }) =>
      kind === claim?.kind && metadata.name === claim.name && metadata.namespace === claim.namespace,
  );
  const because = binding && becauseOf(binding, object);
  return {
    ...found,
    ...(namespace ? { namespace } : {}),
    ...(binding ? { binding } : {}),
    ...(policy ? { policy } : {}),
    ...(because ? { because } : {}),
  };
}

/** Those of its namespace, of any where it has none or is brought from elsewhere; none where they may not be read. */
async function bindingsAround(
  client: ApiClient,
  namespace: string | undefined,
  snapshots: readonly { readonly namespace?: string }[],
): Promise<readonly Binding[]> {
  const elsewhere = snapshots.some((each) => each.namespace !== namespace);
  const scope = namespace && !elsewhere ? { namespace } : {};
  try {
    const bindings = await listAll<Binding>(client, ResourceBindingKind as TypedResource<Binding>, scope);
    return bindings.map((each) => ({ ...each, kind: ResourceBindingKind.kind }) as Binding);
  } catch (error) {
    if (isUnreadable(error)) return [];
    throw error;
  }
}

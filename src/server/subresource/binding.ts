/** pods/binding: the scheduler puts a Pod on a node. */
import type { Condition, JsonObject, KubeObject } from '#kube/meta/object.ts';
import type { ApiResponse } from '#kube/request/request.ts';
import { requiredValue, unsupportedValue } from '#kube/status/causes.ts';
import { badRequest, conflict } from '#kube/status/errors.ts';
import { StatusError } from '#kube/status/status.ts';
import { timestamp } from '#world/clock/clock.ts';
import { fieldsOf, type Registry, type Scope } from '../registry/context.ts';
import { withMetadata } from '../registry/metadata.ts';
import { admitSent } from '../registry/write/admit.ts';
import type { Door } from '../registry/write/door.ts';
import { updateWith } from '../registry/write/update.ts';
import { success } from './success.ts';

interface Binding {
  readonly metadata?: KubeObject['metadata'];
  readonly target?: { readonly kind?: string; readonly name?: string };
}

const bindingDoor: Door = {
  subresource: 'binding',
  merge: (_, sent) => sent,
  countsGeneration: false,
  validatesTransitions: false,
  unadmitted: true,
};

const bindingKind = { group: '', version: 'v1', kind: 'Binding' };

/** Throws Invalid, NotFound, or Conflict for a Pod that has a node or is going away. */
export async function bind(registry: Registry, scope: Scope): Promise<ApiResponse> {
  const sent = scope.request.body as KubeObject | undefined;
  if (!sent) throw badRequest('the object provided is unrecognized (must be of type Binding)');
  const body = (await admitSent(registry, scope, 'CREATE', bindingKind, sent)) as Binding;
  const node = nodeOf(scope, body);
  const now = timestamp(registry.world.clock.now());
  const bound = await updateWith(registry, scope, bindingDoor, (old) => ({
    object: onNode(scope, old, body, node, now),
    // Nobody comes to own where a Pod is.
    owned: true,
  }));
  return success(bound);
}

/** POST …/bindings: the older way, with the Pod's name in the body. */
export function bindNamed(registry: Registry, scope: Scope, binding: KubeObject): Promise<ApiResponse> {
  const served = registry.kinds.find('', 'v1', 'pods');
  const { name = '' } = binding.metadata;
  if (!served || name === '') throw badRequest('a Binding needs the name of its Pod');
  return bind(registry, { ...scope, served, name, request: { ...scope.request, body: binding } });
}

function nodeOf(scope: Scope, { metadata, target }: Binding): string {
  if (metadata?.name !== undefined && metadata.name !== scope.name) {
    throw badRequest('name in URL does not match name in Binding object');
  }
  const causes = [];
  if (target?.kind && target.kind !== 'Node')
    causes.push(unsupportedValue('target.kind', target.kind, ['Node', '<empty>']));
  if (!target?.name) causes.push(requiredValue('target.name'));
  if (causes.length === 0) return target!.name!;
  // kube-apiserver hands the field errors on as they are, and so answers a plain 500.
  const texts = causes.map(({ field, message }) => `${field}: ${message}`);
  const message = texts.length === 1 ? texts[0]! : `[${texts.join(', ')}]`;
  throw new StatusError({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, code: 500 });
}

function onNode(scope: Scope, pod: KubeObject, binding: Binding, node: string, now: string): KubeObject {
  const { spec, status } = fieldsOf(pod) as {
    readonly spec?: JsonObject;
    readonly status?: { readonly conditions?: readonly Condition[] };
  };
  const refused = (why: string) => conflict({ group: '', resource: 'pods/binding' }, scope.name, why);
  if (pod.metadata.deletionTimestamp !== undefined) {
    throw refused(`pod ${scope.name} is being deleted, cannot be assigned to a host`);
  }
  if (spec?.nodeName) throw refused(`pod ${scope.name} is already assigned to node ${JSON.stringify(spec.nodeName)}`);
  const { annotations, labels } = binding.metadata ?? {};
  const marked =
    annotations || labels
      ? withMetadata(pod, {
          ...(annotations ? { annotations: { ...pod.metadata.annotations, ...annotations } } : {}),
          ...(labels ? { labels: { ...pod.metadata.labels, ...labels } } : {}),
        })
      : pod;
  const others = (status?.conditions ?? []).filter(({ type }) => type !== 'PodScheduled');
  const scheduled = { type: 'PodScheduled', status: 'True', lastProbeTime: null, lastTransitionTime: now };
  return {
    ...marked,
    spec: { ...spec, nodeName: node },
    status: { ...status, conditions: [...others, scheduled] },
  } as KubeObject;
}

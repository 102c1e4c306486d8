/**
 * Brings up what karmada-host is missing of the control plane's parts. What is there stays as somebody left it, but for
 * flags that whoever starts it gives.
 */
import { type Deployment, Deployments, Namespaces, ServiceAccounts, StatefulSets } from '#apis/kubernetes/types.ts';
import { systemNamespace } from '#apis/names/objects.ts';
import type { ApiClient, TypedResource } from '#client/api-client.ts';
import { gvkOf } from '#kube/meta/kind.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { isReason } from '#kube/status/status.ts';
import type { Disk } from '#world/disk/disk.ts';
import { knownKind } from '../kinds.ts';
import { type ComponentFlags, withComponentFlags } from './component-flags.ts';
import { embeddedParts, isRunnable, runnableNames } from './components.ts';
import { manifestsOf } from './manifests.ts';

const fieldManager = 'flotilla';

const parts = [...embeddedParts, ...runnableNames.map((name) => ({ kind: 'Deployment' as const, name }))];

/** Idempotent; reads no manifest when nothing is missing. */
export async function seedHost(client: ApiClient, disk: Disk, flags: ComponentFlags = {}): Promise<void> {
  const [deployments, statefulSets] = await Promise.all([
    client.resource<Deployment>(Deployments).list({ namespace: systemNamespace }),
    client.resource<KubeObject>(StatefulSets).list({ namespace: systemNamespace }),
  ]);
  const there = new Set([...deployments.items, ...statefulSets.items].map(({ metadata }) => metadata.name));
  for (const item of deployments.items) {
    const deployment = { ...item, apiVersion: 'apps/v1', kind: 'Deployment' };
    const flagged = withFlags(deployment, flags);
    if (flagged !== deployment) await client.resource<Deployment>(Deployments).update(flagged, { fieldManager });
  }
  const missing = parts.filter(({ name }) => !there.has(name));
  if (missing.length === 0) return;
  await createOnce(client, Namespaces, {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: systemNamespace },
  });
  // Pods are not admitted before their account is there: made here, nobody has to wait for its controller.
  await createOnce(client, ServiceAccounts, {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: 'default', namespace: systemNamespace },
  });
  const manifests = await Promise.all(missing.map(({ name }) => manifestsOf(disk, name)));
  for (const object of manifests.flat()) await createOnce(client, resourceOf(object), withFlags(object, flags));
}

/** The same reference where it is no component's Deployment, or has them. */
function withFlags<T extends KubeObject>(object: T, flags: ComponentFlags): T {
  const { name } = object.metadata;
  if (object.kind !== 'Deployment' || !isRunnable(name)) return object;
  return withComponentFlags(object as unknown as Deployment, flags[name]) as unknown as T;
}

function resourceOf(object: KubeObject): TypedResource<KubeObject> {
  const kind = knownKind(gvkOf(object));
  if (!kind) throw new Error(`data/host: there is no kind ${object.apiVersion} ${object.kind}`);
  return kind;
}

async function createOnce(client: ApiClient, resource: TypedResource<KubeObject>, object: KubeObject): Promise<void> {
  try {
    await client.resource<KubeObject>(resource).create(object, { fieldManager });
  } catch (error) {
    if (!isReason(error, 'AlreadyExists')) throw error;
  }
}

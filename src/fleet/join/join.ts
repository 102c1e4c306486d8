/** Joining a member in Push mode, and leaving it: what `flotilla join` and `unjoin` do. Every step may be run again. */
import { type Cluster, ClusterKind } from '#apis/cluster/cluster.ts';
import {
  ClusterRoleBindings,
  ClusterRoles,
  Namespaces,
  type Secret,
  Secrets,
  ServiceAccounts,
} from '#apis/kubernetes/types.ts';
import { leaving, leavingDeletes } from '#apis/names/annotations.ts';
import { system, systemValue } from '#apis/names/labels.ts';
import type { ApiClient, ResourceClient } from '#client/api-client.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { dns1123Label } from '#kube/names/validate.ts';
import { isReason } from '#kube/status/status.ts';
import { type Clock, sleep } from '#world/clock/clock.ts';
import {
  accountObject,
  controllerAccount,
  controllerRole,
  impersonatorAccount,
  namespaceObject,
  roleBindingObject,
  roleObject,
  tokenSecretObject,
} from './accounts.ts';

export interface JoinOptions {
  readonly name: string;
  readonly controlPlane: ApiClient;
  readonly member: ApiClient;
  /** How the control plane reaches the member. */
  readonly endpoint: { readonly url: string; readonly insecure?: boolean };
  /** `karmada-cluster`. */
  readonly namespace: string;
  readonly provider?: string;
  readonly region?: string;
  readonly zones?: readonly string[];
  readonly clock: Clock;
}

/** Something the user has to put right; the message says what. */
class JoinRefused extends Error {
  override readonly name = 'JoinRefused';
}

const longestName = 48;
const tokenWaitMs = 30_000;
const tokenLookMs = 50;

async function createIfMissing<T extends KubeObject>(resource: ResourceClient<T>, object: T): Promise<void> {
  try {
    await resource.create(object);
  } catch (error) {
    if (!isReason(error, 'AlreadyExists')) throw error;
  }
}

/** The member's identity: the uid of its kube-system namespace. */
async function clusterId(member: ApiClient): Promise<string> {
  return (await member.resource(Namespaces).get({ name: 'kube-system' })).metadata.uid!;
}

async function refuseDuplicates({ controlPlane, name }: JoinOptions, id: string): Promise<void> {
  const { items } = await controlPlane.resource<Cluster>(ClusterKind).list();
  for (const cluster of items) {
    const joined = cluster.metadata.name!;
    if (joined === name)
      throw new JoinRefused(`cluster(${name}) is joined already; unjoin it first, or choose another name`);
    if (cluster.spec.id === id)
      throw new JoinRefused(`this cluster is joined already under the name ${joined}; one cluster is joined once`);
  }
}

async function makeAccounts({
  member,
  name,
  namespace,
  clock,
}: JoinOptions): Promise<{ readonly controller: Secret; readonly impersonator: Secret }> {
  await createIfMissing(member.resource(Namespaces), namespaceObject(namespace));
  const accounts = [impersonatorAccount, controllerAccount(name)];
  for (const account of accounts) {
    await createIfMissing(member.resource(ServiceAccounts), accountObject(namespace, account));
    await createIfMissing(member.resource(Secrets), tokenSecretObject(namespace, account));
  }
  await createIfMissing(member.resource(ClusterRoles), roleObject(name));
  await createIfMissing(member.resource(ClusterRoleBindings), roleBindingObject(name, namespace));
  const [impersonator, controller] = await Promise.all(
    accounts.map((account) => tokenOf(member, namespace, account, clock)),
  );
  return { controller: controller!, impersonator: impersonator! };
}

/** The member fills the Secret a moment after it was made. */
async function tokenOf(member: ApiClient, namespace: string, name: string, clock: Clock): Promise<Secret> {
  const until = clock.monotonic() + tokenWaitMs;
  for (;;) {
    const secret = await member.resource(Secrets).get({ namespace, name });
    if (secret.data?.token) return secret;
    if (clock.monotonic() > until) {
      throw new JoinRefused(
        `the cluster has put no token into Secret ${namespace}/${name} within ${tokenWaitMs / 1000} s; is its token controller running?`,
      );
    }
    await sleep(clock, tokenLookMs);
  }
}

export async function join(options: JoinOptions): Promise<Cluster> {
  const { name, controlPlane, member, namespace, endpoint } = options;
  const wrong = name.length > longestName ? [`must be no more than ${longestName} characters`] : dns1123Label(name);
  if (wrong.length > 0) throw new JoinRefused(`"${name}" cannot be a cluster's name: ${wrong.join('; ')}`);
  const id = await clusterId(member);
  await refuseDuplicates(options, id);
  const { controller, impersonator } = await makeAccounts(options);
  await createIfMissing(controlPlane.resource(Namespaces), namespaceObject(namespace));
  const secret = (secretName: string, data: Secret['data']): Secret => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { namespace, name: secretName, labels: { [system]: systemValue } },
    type: 'Opaque',
    data,
  });
  const { token, 'ca.crt': ca } = controller.data!;
  await put(controlPlane, secret(name, { token: token!, ...(ca ? { caBundle: ca } : {}) }));
  await put(controlPlane, secret(`${name}-impersonator`, { token: impersonator.data!.token! }));
  return controlPlane.resource<Cluster>(ClusterKind).create({
    apiVersion: 'cluster.karmada.io/v1alpha1',
    kind: 'Cluster',
    metadata: { name },
    spec: {
      syncMode: 'Push',
      apiEndpoint: endpoint.url,
      id,
      secretRef: { namespace, name },
      impersonatorSecretRef: { namespace, name: `${name}-impersonator` },
      ...(endpoint.insecure ? { insecureSkipTLSVerification: true } : {}),
      ...(options.provider ? { provider: options.provider } : {}),
      ...(options.region ? { region: options.region } : {}),
      ...(options.zones?.length ? { zones: options.zones } : {}),
    },
  });
}

/** A Secret of an earlier, broken-off join is replaced. */
async function put(client: ApiClient, secret: Secret): Promise<void> {
  const secrets = client.resource(Secrets);
  try {
    await secrets.create(secret);
  } catch (error) {
    if (!isReason(error, 'AlreadyExists')) throw error;
    await secrets.patch({ namespace: secret.metadata.namespace, name: secret.metadata.name! }, 'merge', {
      data: secret.data ?? {},
    });
  }
}

export interface UnjoinOptions {
  readonly name: string;
  readonly controlPlane: ApiClient;
  /** With access to the member its accounts and roles are taken away too. */
  readonly member?: ApiClient;
  readonly namespace: string;
  readonly deleteWorkloads: boolean;
  readonly waitMs: number;
  readonly clock: Clock;
}

const goneLookMs = 50;

export async function unjoin(options: UnjoinOptions): Promise<void> {
  const { name, controlPlane, member, namespace, deleteWorkloads } = options;
  const clusters = controlPlane.resource<Cluster>(ClusterKind);
  const cluster = await clusters.get({ name });
  if (cluster.spec.syncMode === 'Pull')
    throw new JoinRefused(`cluster(${name}) is in Pull mode; use unregister instead`);
  if (deleteWorkloads)
    await clusters.patch({ name }, 'merge', { metadata: { annotations: { [leaving]: leavingDeletes } } });
  await clusters.delete({ name });
  await untilGone(options);
  for (const secret of [name, `${name}-impersonator`])
    await deleteIfThere(controlPlane.resource(Secrets), { namespace, name: secret });
  if (member) await removeAccounts(member, name, namespace);
}

async function untilGone({ controlPlane, name, waitMs, clock }: UnjoinOptions): Promise<void> {
  const until = clock.monotonic() + waitMs;
  for (;;) {
    try {
      await controlPlane.resource<Cluster>(ClusterKind).get({ name });
    } catch (error) {
      if (isReason(error, 'NotFound')) return;
      throw error;
    }
    if (clock.monotonic() > until) {
      throw new JoinRefused(
        `cluster(${name}) is still being removed after ${waitMs / 1000} s; bindings that name it hold it: kubectl get rb -A -o wide`,
      );
    }
    await sleep(clock, goneLookMs);
  }
}

async function removeAccounts(member: ApiClient, name: string, namespace: string): Promise<void> {
  await deleteIfThere(member.resource(ClusterRoleBindings), { name: controllerRole(name) });
  await deleteIfThere(member.resource(ClusterRoles), { name: controllerRole(name) });
  await deleteIfThere(member.resource(ServiceAccounts), { namespace, name: controllerAccount(name) });
  await deleteIfThere(member.resource(Namespaces), { name: namespace });
}

async function deleteIfThere<T extends KubeObject>(
  resource: ResourceClient<T>,
  key: { readonly namespace?: string; readonly name: string },
): Promise<void> {
  try {
    await resource.delete(key);
  } catch (error) {
    if (!isReason(error, 'NotFound')) throw error;
  }
}

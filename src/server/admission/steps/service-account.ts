/** ServiceAccount: every Pod runs as one, and finds its token in a projected volume. */
import type { Pod, ServiceAccount } from '#apis/kubernetes/types.ts';
import type { AdmissionRequest, AdmissionResponse } from '#kube/admission/review.ts';
import type { JsonObject, JsonValue, KubeObject, UnstructuredObject } from '#kube/meta/object.ts';
import { type Random, suffix } from '#world/random/random.ts';
import { refuse } from '../refuse.ts';
import { type AdmissionStep, handlesResource } from '../step.ts';
import { ephemeralSecretError, isBound, mirrorPodError, secretError } from './secret-references.ts';

const tokenPath = '/var/run/secrets/kubernetes.io/serviceaccount';
const volumePrefix = 'kube-api-access-';
/** An hour, and seven seconds that tell these tokens from others: kube-apiserver's own number. */
const tokenSeconds = 3_607;
const mirrorPod = 'kubernetes.io/config.mirror';

type Find = (namespace: string, name: string) => UnstructuredObject | undefined;

export function serviceAccount(find: Find, random: Random): readonly AdmissionStep[] {
  const name = 'ServiceAccount';
  return [
    {
      name,
      phase: 'mutate',
      handles: handlesResource('', 'pods', ['CREATE']),
      review: (request) => admit(request, find, random),
    },
    {
      name,
      phase: 'validate',
      handles: ({ group, resource, subresource, operation }) =>
        group === '' &&
        resource === 'pods' &&
        (subresource === '' ? operation === 'CREATE' : subresource === 'ephemeralcontainers' && operation === 'UPDATE'),
      review: (request) => check(request, find),
    },
  ];
}

const isMirror = ({ metadata }: KubeObject) => metadata.annotations?.[mirrorPod] !== undefined;

function admit(request: AdmissionRequest, find: Find, random: Random): AdmissionResponse | undefined {
  const pod = request.object as UnstructuredObject;
  if (isMirror(pod)) return check(request, find);
  const spec = (pod.spec ?? {}) as JsonObject;
  const name =
    typeof spec.serviceAccountName === 'string' && spec.serviceAccountName !== '' ? spec.serviceAccountName : 'default';
  const account = found(request, find, name);
  const named = { ...spec, serviceAccountName: name, serviceAccount: name };
  const withToken = automounts(spec, account) ? mounted(named, random) : named;
  return { allowed: true, object: { ...pod, spec: withPullSecrets(withToken, account) } as UnstructuredObject };
}

/** Secrets that the account does not name, and what Pods of a node's own may not have. */
function check(request: AdmissionRequest, find: Find): undefined {
  const pod = request.object as Pod;
  const isEphemeral = request.path.subresource === 'ephemeralcontainers';
  if (isMirror(pod) && !isEphemeral) {
    const why = mirrorPodError(pod);
    if (why) throw refuse(request, why);
    return undefined;
  }
  const { serviceAccountName = '' } = pod.spec;
  if (serviceAccountName === '') {
    throw refuse(request, `no service account specified for pod ${request.path.namespace}/${pod.metadata.name ?? ''}`);
  }
  const account = found(request, find, serviceAccountName) as unknown as ServiceAccount;
  if (!isBound(account)) return undefined;
  const why = isEphemeral ? ephemeralSecretError(pod, account) : secretError(pod, account);
  if (why) throw refuse(request, why);
  return undefined;
}

function found(request: AdmissionRequest, find: Find, name: string): UnstructuredObject {
  const namespace = request.path.namespace ?? '';
  const account = find(namespace, name);
  if (account) return account;
  throw refuse(
    request,
    `error looking up service account ${namespace}/${name}: serviceaccount ${JSON.stringify(name)} not found`,
  );
}

function automounts(spec: JsonObject, account: UnstructuredObject): boolean {
  const own = spec.automountServiceAccountToken;
  if (typeof own === 'boolean') return own;
  return account.automountServiceAccountToken !== false;
}

const listOf = (value: JsonValue | undefined): readonly JsonObject[] =>
  Array.isArray(value) ? (value as readonly JsonObject[]) : [];

const mountsToken = (container: JsonObject): boolean =>
  listOf(container.volumeMounts).some(({ mountPath }) => mountPath === tokenPath);

/** The token's volume, mounted into every container that has nothing there already. */
function mounted(spec: JsonObject, random: Random): JsonObject {
  const volumes = listOf(spec.volumes);
  const existing = volumes.find(({ name }) => typeof name === 'string' && name.startsWith(volumePrefix));
  const name = (existing?.name as string | undefined) ?? `${volumePrefix}${suffix(random)}`;
  const mount = { name, readOnly: true, mountPath: tokenPath };
  let used = false;
  const withMount = (container: JsonObject): JsonObject => {
    if (mountsToken(container)) return container;
    used = true;
    return { ...container, volumeMounts: [...listOf(container.volumeMounts), mount] };
  };
  const initContainers = listOf(spec.initContainers).map(withMount);
  const containers = listOf(spec.containers).map(withMount);
  return {
    ...spec,
    containers,
    ...(initContainers.length > 0 ? { initContainers } : {}),
    ...(used && !existing ? { volumes: [...volumes, tokenVolume(name)] } : {}),
  };
}

function tokenVolume(name: string): JsonObject {
  const namespaceField = { apiVersion: 'v1', fieldPath: 'metadata.namespace' };
  return {
    name,
    projected: {
      defaultMode: 420,
      sources: [
        { serviceAccountToken: { expirationSeconds: tokenSeconds, path: 'token' } },
        { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
        { downwardAPI: { items: [{ path: 'namespace', fieldRef: namespaceField }] } },
      ],
    },
  };
}

function withPullSecrets(spec: JsonObject, account: UnstructuredObject): JsonObject {
  const secrets = listOf(account.imagePullSecrets as JsonValue | undefined);
  return secrets.length > 0 && listOf(spec.imagePullSecrets).length === 0
    ? { ...spec, imagePullSecrets: secrets }
    : spec;
}

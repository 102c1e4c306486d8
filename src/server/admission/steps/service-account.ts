/** ServiceAccount: every Pod runs as one, and finds its token in a projected volume. */
import type { AdmissionRequest } from '#kube/admission/review.ts';
import type { JsonObject, JsonValue, UnstructuredObject } from '#kube/meta/object.ts';
import { type Random, suffix } from '#world/random/random.ts';
import { refuse } from '../refuse.ts';
import { type AdmissionStep, handlesResource } from '../step.ts';

const tokenPath = '/var/run/secrets/kubernetes.io/serviceaccount';
const volumePrefix = 'kube-api-access-';
/** An hour, and seven seconds that tell these tokens from others: kube-apiserver's own number. */
const tokenSeconds = 3_607;
const mirrorPod = 'kubernetes.io/config.mirror';

export function serviceAccount(
  find: (namespace: string, name: string) => UnstructuredObject | undefined,
  random: Random,
): AdmissionStep {
  return {
    name: 'ServiceAccount',
    phase: 'mutate',
    handles: handlesResource('', 'pods', ['CREATE']),
    review: (request) => {
      const pod = request.object as UnstructuredObject;
      if (pod.metadata.annotations?.[mirrorPod] !== undefined) return { allowed: true };
      const spec = (pod.spec ?? {}) as JsonObject;
      const name =
        typeof spec.serviceAccountName === 'string' && spec.serviceAccountName !== ''
          ? spec.serviceAccountName
          : 'default';
      const account = found(request, find, name);
      const named = { ...spec, serviceAccountName: name, serviceAccount: name };
      const withToken = automounts(spec, account) ? mounted(named, random) : named;
      return { allowed: true, object: { ...pod, spec: withPullSecrets(withToken, account) } as UnstructuredObject };
    },
  };
}

function found(
  request: AdmissionRequest,
  find: (namespace: string, name: string) => UnstructuredObject | undefined,
  name: string,
): UnstructuredObject {
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
  const containers = listOf(spec.containers).map(withMount);
  const initContainers = listOf(spec.initContainers).map(withMount);
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

/** Which Secrets a Pod may use where its service account says that it is bound to its own. Pure. */
import type { Container, Pod, ServiceAccount } from '#apis/kubernetes/types.ts';

const enforced = 'kubernetes.io/enforce-mountable-secrets';
/** Go's strconv.ParseBool. */
const truths = new Set(['1', 't', 'T', 'TRUE', 'true', 'True']);

export const isBound = ({ metadata }: ServiceAccount): boolean => truths.has(metadata.annotations?.[enforced] ?? '');

type Named = readonly { readonly name?: string }[] | undefined;
const namesOf = (list: Named): ReadonlySet<string> => new Set((list ?? []).map(({ name = '' }) => name));

/** The first reference in containers that is not allowed. */
function containerError(word: string, containers: readonly Container[], secrets: ReadonlySet<string>, account: string) {
  const foreign = (what: string, secret: string) =>
    `${what} referencing secret.secretName="${secret}" is not allowed because service account ${account} does not reference that secret`;
  for (const { name, env = [], envFrom = [] } of containers) {
    for (const { name: variable, valueFrom } of env) {
      const secret = valueFrom?.secretKeyRef?.name;
      if (secret !== undefined && !secrets.has(secret)) {
        return foreign(`${word} ${name} with envVar ${variable}`, secret);
      }
    }
    for (const { secretRef } of envFrom) {
      const secret = secretRef?.name;
      if (secret !== undefined && !secrets.has(secret)) return foreign(`${word} ${name} with envFrom`, secret);
    }
  }
  return undefined;
}

/** The first Secret that the account does not reference, in kube-apiserver's words. */
export function secretError({ spec }: Pod, account: ServiceAccount): string | undefined {
  const { name = '' } = account.metadata;
  const secrets = namesOf(account.secrets);
  for (const { secret } of spec.volumes ?? []) {
    if (secret && !secrets.has(secret.secretName ?? '')) {
      return `volume with secret.secretName="${secret.secretName ?? ''}" is not allowed because service account ${name} does not reference that secret`;
    }
  }
  const found =
    containerError('init container', spec.initContainers ?? [], secrets, name) ??
    containerError('container', spec.containers, secrets, name);
  if (found) return found;
  const pullSecrets = namesOf(account.imagePullSecrets);
  const index = (spec.imagePullSecrets ?? []).findIndex((each) => !pullSecrets.has(each.name ?? ''));
  if (index < 0) return undefined;
  const pulled = spec.imagePullSecrets![index]!.name ?? '';
  return `imagePullSecrets[${index}].name="${pulled}" is not allowed because service account ${name} does not reference that imagePullSecret`;
}

export const ephemeralSecretError = ({ spec }: Pod, account: ServiceAccount): string | undefined =>
  containerError(
    'ephemeral container',
    (spec.ephemeralContainers ?? []) as readonly Container[],
    namesOf(account.secrets),
    account.metadata.name ?? '',
  );

/** Whether a Pod that only mirrors one of its node's own uses what only the API server could give it. */
export function mirrorPodError({ spec }: Pod): string | undefined {
  if (spec.serviceAccountName) return 'a mirror pod may not reference service accounts';
  const containers = [...spec.containers, ...(spec.initContainers ?? [])];
  const usesSecrets =
    (spec.imagePullSecrets ?? []).length > 0 ||
    (spec.volumes ?? []).some(
      ({ secret, projected }) => secret !== undefined || projected?.sources?.some((source) => source.secret),
    ) ||
    containers.some(
      ({ env, envFrom }) =>
        env?.some(({ valueFrom }) => valueFrom?.secretKeyRef) || envFrom?.some(({ secretRef }) => secretRef),
    );
  if (usesSecrets) return 'a mirror pod may not reference secrets';
  const hasToken = (spec.volumes ?? []).some(({ projected }) =>
    projected?.sources?.some(({ serviceAccountToken }) => serviceAccountToken),
  );
  return hasToken ? 'a mirror pod may not use ServiceAccountToken volume projections' : undefined;
}

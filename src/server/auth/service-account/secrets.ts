/** Secrets of type kubernetes.io/service-account-token: filled with a token when they appear, gone with their account. */
import type { KubeObject } from '#kube/meta/object.ts';
import { type Clock, timestamp } from '#world/clock/clock.ts';
import type { KindRegistry } from '../../registry/kinds/registry.ts';
import { storageName } from '../../registry/kinds/served.ts';
import type { Storage } from '../../registry/storage.ts';
import type { ServiceAccountTokens } from './tokens.ts';

interface Secret extends KubeObject {
  readonly type?: string;
  readonly data?: Readonly<Record<string, string>>;
}

const tokenType = 'kubernetes.io/service-account-token';
const nameAnnotation = 'kubernetes.io/service-account.name';
const uidAnnotation = 'kubernetes.io/service-account.uid';

const accounts = storageName('', 'serviceaccounts');

const retryMs = 1_000;

const base64 = (text: string) => Buffer.from(text).toString('base64');

interface SecretTokensOptions {
  readonly storage: Storage;
  readonly kinds: KindRegistry;
  readonly tokens: ServiceAccountTokens;
  readonly clock: Clock;
  /** PEM of the CA that signed the server's certificate: `ca.crt` of the Secret. */
  readonly authority: string;
}

/** What a token Secret should be: itself when nothing is missing, undefined when its account is not there. */
function filled(secret: Secret, { storage, tokens, authority }: SecretTokensOptions): Secret | undefined {
  const { namespace = '', name = '', annotations } = secret.metadata;
  const account = storage.find(accounts, namespace, annotations?.[nameAnnotation] ?? '');
  const uid = account?.metadata.uid;
  if (!account || !uid || (annotations?.[uidAnnotation] ?? uid) !== uid) return undefined;
  const { data = {} } = secret;
  if (data.token && data['ca.crt'] && data.namespace && annotations?.[uidAnnotation]) return secret;
  const token =
    data.token ?? base64(tokens.issueForSecret(namespace, { name: account.metadata.name ?? '', uid }, name));
  return {
    ...secret,
    metadata: { ...secret.metadata, annotations: { ...annotations, [uidAnnotation]: uid } },
    data: { ...data, 'ca.crt': base64(authority), namespace: base64(namespace), token },
  };
}

/** Follows Secrets and ServiceAccounts for as long as the server lives. */
export function keepSecretTokens(options: SecretTokensOptions): void {
  const { storage, kinds, clock } = options;
  const served = kinds.byKind('', 'v1', 'Secret');
  if (!served) return;

  const settleNow = (namespace: string, name: string) => {
    const place = { served, namespace, name };
    const secret = storage.get(place) as Secret | undefined;
    if (secret?.type !== tokenType || secret.metadata.deletionTimestamp) return;
    const wanted = filled(secret, options);
    if (!wanted) {
      if (!secret.metadata.finalizers?.length) storage.delete(place, secret);
    } else if (wanted !== secret) storage.update(place, wanted, secret);
  };

  const settle = (namespace: string, name: string) => {
    try {
      settleNow(namespace, name);
    } catch {
      // Somebody else wrote it in between, or the disk is behind: what is then there is looked at again.
      clock.after(retryMs, () => settle(namespace, name));
    }
  };

  storage.onCommit(served.storageResource, ({ object, namespace, name, deleted }) => {
    if (!deleted && (object as Secret).type === tokenType) clock.soon(() => settle(namespace, name));
  });
  storage.onCommit(accounts, ({ namespace, deleted }) => {
    if (!deleted) return;
    clock.soon(() => {
      for (const secret of storage.list(served.storageResource, namespace).items)
        settle(namespace, secret.metadata.name ?? '');
    });
  });
}

const lastUsed = 'kubernetes.io/legacy-token-last-used';
const dayMs = 86_400_000;

/** Writes on a Secret when its token was used last: once a day, for whoever wants to do away with such tokens. */
export const markUsed =
  ({ storage, kinds, clock }: Pick<SecretTokensOptions, 'storage' | 'kinds' | 'clock'>) =>
  (namespace: string, name: string): void => {
    const served = kinds.byKind('', 'v1', 'Secret');
    const place = served && { served, namespace, name };
    const secret = place && storage.get(place);
    if (!secret) return;
    const day = (later: number) => timestamp(clock.now() + later * dayMs).slice(0, 10);
    const { labels = {} } = secret.metadata;
    if (labels[lastUsed] === day(0) || labels[lastUsed] === day(1)) return;
    const metadata = { ...secret.metadata, labels: { ...labels, [lastUsed]: day(0) } };
    try {
      storage.update(place, { ...secret, metadata }, secret);
    } catch {
      // The disk is behind: the next use says it.
    }
  };

/** Bootstrap tokens (`id.secret`) of machines that want to join: Secrets of kube-system that `kubeadm token` makes. */
import type { KubeObject } from '#kube/meta/object.ts';
import { sameText } from '#world/certificates/digest.ts';
import type { Clock } from '#world/clock/clock.ts';
import { allAuthenticated } from './authenticator.ts';
import type { TokenVerifier } from './tokens.ts';

const bootstrapTokenType = 'bootstrap.kubernetes.io/token';
const bootstrapTokenPrefix = 'bootstrap-token-';

const form = /^([a-z0-9]{6})\.([a-z0-9]{16})$/;
const group = 'system:bootstrappers';
const extraGroup = /^system:bootstrappers:[a-z0-9:-]{0,255}[a-z0-9]$/;

interface Secret extends KubeObject {
  readonly type?: string;
  readonly data?: Readonly<Record<string, string>>;
}

/** What is written in a bootstrap token's Secret. */
const bootstrapData = (secret: KubeObject, key: string): string =>
  Buffer.from((secret as Secret).data?.[key] ?? '', 'base64').toString('utf8');

/** An `expiration` that is no time has passed: nobody knows when it would. */
function bootstrapTokenExpires(secret: KubeObject): number | undefined {
  const text = bootstrapData(secret, 'expiration');
  if (text === '') return undefined;
  const time = Date.parse(text);
  return Number.isNaN(time) ? 0 : time;
}

/** undefined: the Secret names a group that bootstrap tokens cannot have. */
function groupsOf(secret: Secret): readonly string[] | undefined {
  const extra = bootstrapData(secret, 'auth-extra-groups');
  if (extra === '') return [group, allAuthenticated];
  const groups = extra.split(',');
  if (!groups.every((each) => extraGroup.test(each))) return undefined;
  return [...[...new Set([group, ...groups])].sort(), allAuthenticated];
}

function isUsable(secret: Secret, id: string, word: string, now: number): boolean {
  return (
    secret.type === bootstrapTokenType &&
    secret.metadata.deletionTimestamp === undefined &&
    sameText(bootstrapData(secret, 'token-secret'), word) &&
    bootstrapData(secret, 'token-id') === id &&
    now < (bootstrapTokenExpires(secret) ?? Number.POSITIVE_INFINITY) &&
    bootstrapData(secret, 'usage-bootstrap-authentication') === 'true'
  );
}

/** `find`: a Secret of kube-system. */
export function bootstrapTokens(
  find: (name: string) => KubeObject | undefined,
  clock: Clock,
  issuer: string,
): TokenVerifier {
  return (token, audiences = [issuer]) => {
    const [, id, word] = form.exec(token) ?? [];
    if (!id || !word) return undefined;
    const secret = find(bootstrapTokenPrefix + id) as Secret | undefined;
    if (!secret || !isUsable(secret, id, word, clock.now())) return undefined;
    const groups = groupsOf(secret);
    return groups && { user: { name: `system:bootstrap:${id}`, groups }, audiences };
  };
}

/** What becomes of a CertificateSigningRequest: signed, failed, removed, or left to somebody else (kube-controller-manager's signers and csrcleaner). */
import type { CertificateSigningRequest } from '#apis/kubernetes/types.ts';
import { parseTimestamp } from '#world/clock/clock.ts';

/** What is read from the request itself. */
export interface RequestFacts {
  readonly subject: { readonly commonName: string; readonly organizations: readonly string[] };
  /** DNS names and IP addresses. */
  readonly hosts: readonly string[];
}

export type Purpose = 'client' | 'server';

interface Signer {
  readonly purpose: Purpose;
  /** Why this signer does not sign it. */
  readonly error: (facts: RequestFacts, usages: ReadonlySet<string>) => string | undefined;
}

const nodes = 'system:nodes';
const nodePrefix = 'system:node:';

/** Key encipherment is what RSA keys need. */
function usageError(usages: ReadonlySet<string>, auth: string): string | undefined {
  const wanted = ['digital signature', 'key encipherment', auth];
  const missing = wanted.filter((usage) => usage !== 'key encipherment' && !usages.has(usage));
  const more = [...usages].filter((usage) => !wanted.includes(usage));
  return missing.length + more.length === 0 ? undefined : `usages did not match [${[...wanted].sort().join(' ')}]`;
}

const isAddress = (host: string) => /^[\d.]+$|:/.test(host);

function nodeError({ subject }: RequestFacts): string | undefined {
  if (subject.organizations.length !== 1 || subject.organizations[0] !== nodes)
    return 'organization is not system:nodes';
  return subject.commonName.startsWith(nodePrefix) ? undefined : 'common name does not start with system:node:';
}

const signers: Readonly<Record<string, Signer>> = {
  'kubernetes.io/kube-apiserver-client': {
    purpose: 'client',
    error: (_, usages) => {
      const allowed = ['digital signature', 'key encipherment', 'client auth'];
      const other = [...usages].find((usage) => !allowed.includes(usage));
      if (other !== undefined) return `invalid usage for client certificate: ${other}`;
      return usages.has('client auth') ? undefined : 'missing required usage for client certificate: client auth';
    },
  },
  'kubernetes.io/kube-apiserver-client-kubelet': {
    purpose: 'client',
    error: (facts, usages) => {
      if (facts.hosts.some(isAddress)) return 'IP subjectAltNames are not allowed';
      if (facts.hosts.length > 0) return 'DNS subjectAltNames are not allowed';
      return nodeError(facts) ?? usageError(usages, 'client auth');
    },
  },
  'kubernetes.io/kubelet-serving': {
    purpose: 'server',
    error: (facts, usages) =>
      (facts.hosts.length === 0 ? 'DNS or IP subjectAltName is required' : undefined) ??
      nodeError(facts) ??
      usageError(usages, 'server auth'),
  },
};

const minute = 60_000;
const hour = 60 * minute;

/** kube-controller-manager's --cluster-signing-duration, and the least that is asked for. */
const validity = { most: 365 * 24 * hour, least: 10 * minute } as const;

export type Verdict =
  | { readonly outcome: 'leave' }
  | { readonly outcome: 'fail'; readonly message: string }
  | { readonly outcome: 'sign'; readonly purpose: Purpose; readonly validForMs: number };

const leave: Verdict = { outcome: 'leave' };

const conditionOf = ({ status }: CertificateSigningRequest, type: string) =>
  status?.conditions?.find((each) => each.type === type);

const isIssued = ({ status }: CertificateSigningRequest) => (status?.certificate ?? '') !== '';

/** Whether one of our signers is to look into it. */
export const isOurs = (request: CertificateSigningRequest): boolean =>
  signers[request.spec.signerName] !== undefined &&
  conditionOf(request, 'Approved') !== undefined &&
  conditionOf(request, 'Denied') === undefined &&
  conditionOf(request, 'Failed') === undefined &&
  !isIssued(request);

export function verdictOn(request: CertificateSigningRequest, facts: RequestFacts): Verdict {
  const signer = signers[request.spec.signerName];
  if (!signer || !isOurs(request)) return leave;
  const message = signer.error(facts, new Set(request.spec.usages ?? []));
  if (message !== undefined) return { outcome: 'fail', message };
  const asked = (request.spec.expirationSeconds ?? Number.POSITIVE_INFINITY) * 1_000;
  const validForMs = Math.max(validity.least, Math.min(asked, validity.most));
  return { outcome: 'sign', purpose: signer.purpose, validForMs };
}

/** How long requests stay after their fate is sealed, and while nobody seals it. */
const keptFor = { sealed: hour, pending: 24 * hour } as const;

/** Milliseconds since 1970 from which it is not needed any longer; undefined: nobody knows yet. */
export function removedFrom(request: CertificateSigningRequest): number | undefined {
  const since = (time: string | null | undefined, kept: number) => (time ? parseTimestamp(time) + kept : undefined);
  const sealed = conditionOf(request, 'Denied') ?? conditionOf(request, 'Failed');
  if (sealed) return since(sealed.lastUpdateTime, keptFor.sealed);
  const approved = conditionOf(request, 'Approved');
  if (approved) return since(approved.lastUpdateTime, isIssued(request) ? keptFor.sealed : keptFor.pending);
  if ((request.status?.conditions?.length ?? 0) > 0) return undefined;
  return since(request.metadata.creationTimestamp, keptFor.pending);
}

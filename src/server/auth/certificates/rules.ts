/** What may become of a CertificateSigningRequest after its creation (upstream's apis/certificates validation). */
import { deepEqual } from '#kube/meta/equal.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { forbiddenField, invalidValue } from '#kube/status/causes.ts';
import type { StatusCause } from '#kube/status/status.ts';
import { certificateListError } from '#world/certificates/certificate-list.ts';
import { readSigningRequest } from '#world/certificates/signing-request.ts';

export interface Condition {
  readonly type?: string;
  readonly status?: string;
  readonly lastUpdateTime?: string | null;
  readonly lastTransitionTime?: string | null;
}

export interface SigningRequest extends KubeObject {
  readonly spec?: {
    readonly request?: string;
    readonly signerName?: string;
    readonly [field: string]: unknown;
  };
  readonly status?: { readonly conditions?: readonly Condition[]; readonly certificate?: string | null };
}

const pemOf = (base64: string | null | undefined) => Buffer.from(base64 ?? '', 'base64').toString('latin1');

/** Whether the request itself can be read and is signed by its own key. */
function* requestCauses({ spec = {} }: SigningRequest): Generator<StatusCause> {
  const { request = '' } = spec;
  const pem = pemOf(request);
  const invalid = (why: string) => invalidValue('spec.request', request, why);
  if (request === '') return;
  if (!/^\s*-----BEGIN CERTIFICATE REQUEST-----/.test(pem)) yield invalid('PEM block type must be CERTIFICATE REQUEST');
  else {
    try {
      readSigningRequest(pem);
    } catch (error) {
      yield invalid((error as Error).message);
    }
  }
}

export const conditionsOf = ({ status }: SigningRequest): readonly Condition[] => status?.conditions ?? [];

const ofType = (request: SigningRequest, type: string) => conditionsOf(request).filter((each) => each.type === type);

function* conditionCauses(request: SigningRequest, old: SigningRequest, approves: boolean): Generator<StatusCause> {
  const path = 'status.conditions';
  for (const type of ['Approved', 'Denied', 'Failed'])
    if (ofType(request, type).length < ofType(old, type).length)
      yield forbiddenField(path, `updates may not remove a condition of type "${type}"`);
  if (approves) return;
  for (const type of ['Approved', 'Denied']) {
    const [now, before] = [ofType(request, type), ofType(old, type)];
    if (now.length > before.length) yield forbiddenField(path, `updates may not add a condition of type "${type}"`);
    else if (now.length === before.length && !deepEqual(now, before))
      yield forbiddenField(path, `updates may not modify a condition of type "${type}"`);
  }
}

function* updateCauses(request: SigningRequest, old: SigningRequest, subresource: string): Generator<StatusCause> {
  const certificate = request.status?.certificate ?? '';
  const before = old.status?.certificate ?? '';
  if (certificate !== '' && certificate !== before) {
    const why = certificateListError(pemOf(certificate));
    if (why) yield invalidValue('status.certificate', '<certificate data>', why);
  }
  yield* conditionCauses(request, old, subresource === 'approval');
  if (certificate === before) return;
  const field = 'status.certificate';
  if (subresource !== 'status') yield forbiddenField(field, 'updates may not set certificate content');
  else if (before !== '') yield forbiddenField(field, 'updates may not modify existing certificate content');
}

/** Beyond the kind's own rules: what takes cryptography, and what each way of writing may change. */
export const signingRequestCauses = (
  object: KubeObject,
  old: KubeObject | undefined,
  subresource: string,
): readonly StatusCause[] =>
  old === undefined ? [...requestCauses(object)] : [...updateCauses(object, old, subresource)];

/** Conditions with the times that their author left out. */
export function withTimes(
  conditions: readonly Condition[],
  old: readonly Condition[],
  now: string,
): readonly Condition[] {
  return conditions.map((condition) => {
    const same = old.find(({ type, status }) => type === condition.type && status === condition.status);
    return {
      ...condition,
      lastUpdateTime: condition.lastUpdateTime ?? now,
      lastTransitionTime: condition.lastTransitionTime ?? same?.lastTransitionTime ?? now,
    };
  });
}

/** Whoever writes the status leaves an approval as it is, though they may send it without its times. */
export function withApprovals(conditions: readonly Condition[], old: readonly Condition[]): readonly Condition[] {
  let kept = conditions;
  for (const type of ['Approved', 'Denied']) {
    const before = old.filter((each) => each.type === type);
    if (kept.filter((each) => each.type === type).length !== before.length) continue;
    let next = 0;
    kept = kept.map((each) => (each.type === type ? before[next++]! : each));
  }
  return kept;
}

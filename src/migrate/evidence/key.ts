/**
 * The key that evidence is hashed and sealed with, in a Secret of the control plane and never in a plan's folder: who
 * has the folder alone can neither try a short password against a hash nor change what was seen.
 */
import { Secrets } from '#apis/kubernetes/types.ts';
import { systemNamespace } from '#apis/names/objects.ts';
import type { ApiClient } from '#client/api-client.ts';
import { isReason } from '#kube/status/status.ts';
import { sealOf, sha256, shortDigest } from '#world/certificates/digest.ts';
import type { Random } from '#world/random/random.ts';
import { planLabel } from '../policies.ts';
import { fieldManager } from '../record/store.ts';

export interface EvidenceKey {
  /** Tells keys apart, and says nothing of one. */
  readonly id: string;
  /** Of a whole text: 64 hexadecimal digits. */
  readonly seal: (text: string) => string;
  /** Of one field. */
  readonly digest: (text: string) => string;
}

/** `secret`: 64 hexadecimal digits. */
export const evidenceKeyOf = (secret: string): EvidenceKey => ({
  id: sha256(`evidence key ${secret}`).toString('hex').slice(0, 16),
  seal: (text) => sealOf(secret, text),
  digest: (text) => shortDigest(secret, text),
});

/** Two random ids hold 244 random bits. */
const newEvidenceKey = (random: Random): string => sha256(random.uuid() + random.uuid()).toString('hex');

export const evidenceKeyName = (plan: string) => ({ namespace: systemNamespace, name: `migration-${plan}-evidence` });
const field = 'key';

/** Undefined where there is none: nothing was applied from here, or in another control plane. */
export async function readEvidenceKey(control: ApiClient, plan: string): Promise<EvidenceKey | undefined> {
  try {
    const { data } = await control.resource(Secrets).get(evidenceKeyName(plan));
    const secret = Buffer.from(data?.[field] ?? '', 'base64').toString('utf8');
    return /^[0-9a-f]{64}$/.test(secret) ? evidenceKeyOf(secret) : undefined;
  } catch (error) {
    if (isReason(error, 'NotFound')) return undefined;
    throw error;
  }
}

/** Makes one where there is none; who comes second takes the first one's. The namespace is there with the record. */
export async function ensureEvidenceKey(control: ApiClient, plan: string, random: Random): Promise<EvidenceKey> {
  const known = await readEvidenceKey(control, plan);
  if (known) return known;
  const secret = newEvidenceKey(random);
  try {
    await control.resource(Secrets).create(
      {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { ...evidenceKeyName(plan), labels: { [planLabel]: plan } },
        type: 'Opaque',
        data: { [field]: Buffer.from(secret).toString('base64') },
      },
      { fieldManager },
    );
    return evidenceKeyOf(secret);
  } catch (error) {
    if (!isReason(error, 'AlreadyExists')) throw error;
    const { namespace, name } = evidenceKeyName(plan);
    const found = await readEvidenceKey(control, plan);
    if (found) return found;
    throw new Error(`Secret ${namespace}/${name} holds no key of evidence; delete it and try again`);
  }
}

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { KubeObject } from '#kube/meta/object.ts';
import { type Claim, claimOf, withClaim } from './claim.ts';

const words = fc.stringMatching(/^[a-z]{1,8}$/);
const claims: fc.Arbitrary<Claim> = fc.oneof(
  fc.record({ kind: fc.constant('PropagationPolicy' as const), namespace: words, name: words, id: words }),
  fc.record({ kind: fc.constant('ClusterPropagationPolicy' as const), name: words, id: words }),
);
const objects: fc.Arbitrary<KubeObject> = fc.record({
  apiVersion: fc.constant('v1'),
  kind: fc.constant('ConfigMap'),
  metadata: fc.record(
    { name: words, labels: fc.dictionary(words, words), annotations: fc.dictionary(words, words) },
    { requiredKeys: ['name'] },
  ),
});

describe('claims', () => {
  it('are read back as they were made, one at a time, and leave nothing behind', () => {
    fc.assert(
      fc.property(objects, claims, claims, (object, first, second) => {
        const claimed = withClaim(object, first);
        expect(claimOf(claimed)).toEqual(first);
        expect(withClaim(claimed, first)).toBe(claimed);
        const retaken = withClaim(claimed, second);
        expect(claimOf(retaken)).toEqual(second);
        expect(retaken).toEqual(withClaim(object, second));
        const freed = withClaim(retaken, undefined);
        expect(claimOf(freed)).toBeUndefined();
        expect(freed.metadata.labels ?? {}).toEqual(object.metadata.labels ?? {});
        expect(freed.metadata.annotations ?? {}).toEqual(object.metadata.annotations ?? {});
      }),
    );
  });

  it('count only when they are complete', () => {
    const labels = { 'propagationpolicy.karmada.io/permanent-id': 'id' };
    expect(claimOf({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { labels } })).toBeUndefined();
  });
});

import { describe, expect, it } from 'vitest';
import type { Binding } from '#apis/work/binding.ts';
import { type Needing, needingSteps, notBrought } from './needed.ts';

const settings = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: 'shop', name: 'settings' } };
const placed = {
  kind: 'ResourceBinding',
  metadata: { namespace: 'shop', name: 'web-deployment' },
  spec: {
    resource: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web' },
    propagateDeps: true,
    clusters: [{ name: 'member1' }],
  },
} as unknown as Binding;
const needing: Needing = { namespace: 'shop', name: 'web-deployment', binding: placed };
const without = 'ConfigMap shop/settings has no policy of its own, and Deployment shop/web, which needs it, has not';

describe('what others need', () => {
  it.each<[string, readonly Needing[], string | undefined, string | undefined]>([
    ['nobody needs it', [], undefined, undefined],
    [
      'its distribution failed',
      [{ ...needing, warning: 'rename one of the two.' }],
      `${without} brought it along yet: rename one of the two.`,
      'flotilla describe resourcebinding/web-deployment -n shop',
    ],
    [
      'nothing distributes',
      [needing],
      `${without} brought it along yet: is karmada-controller-manager running?`,
      'flotilla status',
    ],
    [
      'its policy is gone',
      [{ ...needing, binding: { ...placed, spec: { ...placed.spec, propagateDeps: false } } as Binding }],
      undefined,
      undefined,
    ],
  ])('is not brought along where %s', (_why, all, sentence, command) => {
    const block = notBrought(settings, all);
    expect([block?.sentence, block?.mend.command]).toEqual([sentence, command]);
  });

  it('says what it is for where a closure does, and names a binding that is gone', () => {
    const all: readonly Needing[] = [
      { ...needing, brings: ['member1'], because: 'selects Pods of Deployment shop/web' },
      { namespace: 'shop', name: 'old-deployment', brings: ['member2'] },
    ];
    expect(needingSteps(all).map(({ text }) => text)).toEqual([
      'Deployment shop/web (ResourceBinding shop/web-deployment), in member1: it selects Pods of Deployment shop/web',
      'ResourceBinding shop/old-deployment, which is gone, in member2',
    ]);
  });
});

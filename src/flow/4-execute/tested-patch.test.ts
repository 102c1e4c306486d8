/** What a patch that tests the resourceVersion tells of an object that has changed meanwhile. */
import { expect, it } from 'vitest';
import type { CachedResource } from '#client/cached.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import { failure } from '#kube/status/status.ts';
import { patchTested } from './tested-patch.ts';

const at = (resourceVersion: string): UnstructuredObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { namespace: 'default', name: 'a', resourceVersion },
});

/** A member that holds `now`, and refuses patches as a real one does. */
function member(now: UnstructuredObject, refuses: boolean) {
  const noted: UnstructuredObject[] = [];
  const resource = {
    informer: { observe: (object: UnstructuredObject) => noted.push(object) },
    live: {
      get: async () => now,
      patch: async () => {
        if (refuses) throw failure('Invalid', 'the server rejected our request due to an error in our request', {});
        return now;
      },
    },
  } as unknown as CachedResource<UnstructuredObject>;
  return { resource, noted };
}

it('answers the object after the write', async () => {
  const { resource, noted } = member(at('2'), false);
  expect(await patchTested(resource, at('1'), [], 'flotilla')).toEqual({ object: at('2'), applied: true });
  expect(noted).toEqual([at('2')]);
});

it('answers the object as it is when it has changed meanwhile', async () => {
  const { resource, noted } = member(at('2'), true);
  expect(await patchTested(resource, at('1'), [], 'flotilla')).toEqual({ object: at('2'), applied: false });
  expect(noted).toEqual([at('2')]);
});

it('passes on a refusal that has another reason', async () => {
  const { resource } = member(at('1'), true);
  await expect(patchTested(resource, at('1'), [], 'flotilla')).rejects.toThrow('rejected our request');
});

import { expect, test } from 'vitest';
import { controllerOf, controllerReferenceTo, isControlledBy, ownerReferenceTo } from './owner.ts';

const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata: { name: 'web-1', uid: 'u1' } };

test('the controller is the reference that says so', () => {
  const plain = ownerReferenceTo({ ...owner, metadata: { name: 'other', uid: 'u2' } });
  const pod = { metadata: { ownerReferences: [plain, controllerReferenceTo(owner)] } };
  expect(controllerOf(pod)).toEqual({
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    name: 'web-1',
    uid: 'u1',
    controller: true,
    blockOwnerDeletion: true,
  });
  expect(isControlledBy(pod, owner)).toBe(true);
  expect(isControlledBy({ metadata: { ownerReferences: [ownerReferenceTo(owner)] } }, owner)).toBe(false);
  expect(controllerOf({ metadata: {} })).toBeUndefined();
});

/** The storage class of a simulated member, the one for claims that name none. */
import { type StorageClass, StorageClasses } from '#apis/kubernetes/types.ts';
import type { ApiClient } from '#client/api-client.ts';
import { isReason } from '#kube/status/status.ts';
import { provisioner } from '#workloads/pods/volumes/plan.ts';

const standard: StorageClass = {
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name: 'standard', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
  provisioner,
  reclaimPolicy: 'Delete',
  volumeBindingMode: 'Immediate',
};

export async function ensureStorage(admin: ApiClient): Promise<void> {
  try {
    await admin.resource(StorageClasses).create(standard);
  } catch (error) {
    if (!isReason(error, 'AlreadyExists')) throw error;
  }
}

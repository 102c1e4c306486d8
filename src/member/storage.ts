/** The storage class of a simulated member, the one for claims that name none. */
import { type StorageClass, StorageClasses } from '#apis/kubernetes/types.ts';
import type { ApiClient } from '#client/api-client.ts';
import { ifFound } from '#workloads/pods/if-found.ts';
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
  const classes = admin.resource(StorageClasses);
  if (!(await ifFound(classes.get({ name: standard.metadata.name! })))) await classes.create(standard);
}

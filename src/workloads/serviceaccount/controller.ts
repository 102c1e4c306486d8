/** Default service accounts, and the root certificate where one is published: made in each namespace, made again when gone. */
import { ConfigMaps, Namespaces, ServiceAccounts } from '#apis/kubernetes/types.ts';
import type { CachedResource } from '#client/cached.ts';
import { keyFor } from '#kube/meta/key.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { isReason } from '#kube/status/status.ts';
import { type Controller, done } from '#runtime/reconciler.ts';
import type { WorkloadOptions } from '../options.ts';
import { isNamespaceGoing } from '../pod-control.ts';
import { managedResource } from '../resources.ts';
import { priorityOf } from '../wake.ts';
import { accountFor, certificateFor, defaultAccount, rootCertificateName, withCertificate } from './plan.ts';

const workers = 8;

export function serviceAccountController(options: WorkloadOptions): Controller {
  const { rootCertificate } = options;
  const namespaces = managedResource(options, Namespaces);
  const accounts = managedResource(options, ServiceAccounts);
  const certificates = rootCertificate === undefined ? undefined : managedResource(options, ConfigMaps);

  const ensureCertificate = async (namespace: string) => {
    if (!certificates || rootCertificate === undefined) return;
    const found = certificates.get(keyFor(namespace, rootCertificateName));
    if (!found) return create(certificates, certificateFor(namespace, rootCertificate));
    const wanted = withCertificate(found, rootCertificate);
    if (wanted !== found) await certificates.update(wanted);
  };

  return {
    name: 'serviceaccount',
    workers,
    setUp: (enqueue) => {
      namespaces.informer.onChange((change) => {
        if (change.type !== 'deleted') enqueue(change.object.metadata.name!, priorityOf(change));
      });
      accounts.informer.onChange(({ type, object }) => {
        if (type === 'deleted' && object.metadata.name === defaultAccount) enqueue(object.metadata.namespace!);
      });
      certificates?.informer.onChange((change) => {
        const { name, namespace } = change.object.metadata;
        if (name === rootCertificateName && change.type !== 'added') enqueue(namespace!);
      });
    },
    reconcile: async (name) => {
      const namespace = namespaces.get(name);
      if (!namespace || namespace.metadata.deletionTimestamp) return done;
      if (!accounts.get(keyFor(name, defaultAccount))) await create(accounts, accountFor(name));
      await ensureCertificate(name);
      return done;
    },
  };
}

/** Somebody may have been faster, or the namespace may be going. */
async function create<T extends KubeObject>(resource: CachedResource<T>, object: T): Promise<void> {
  try {
    await resource.create(object);
  } catch (error) {
    if (!isReason(error, 'AlreadyExists') && !isNamespaceGoing(error) && !isReason(error, 'NotFound')) throw error;
  }
}

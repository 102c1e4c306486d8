/** The admission steps of kube-apiserver that are built in here, in its order. */
import type { UnstructuredObject } from '#kube/meta/object.ts';
import type { Random } from '#world/random/random.ts';
import type { Authorizer } from '../auth/authorizer.ts';
import type { Storage } from '../registry/storage.ts';
import { podSecurity } from './pod-security/step.ts';
import type { AdmissionStep } from './step.ts';
import { certificateApproval, certificateSigning, certificateSubjectRestriction } from './steps/certificates.ts';
import { defaultIngressClass, defaultStorageClass } from './steps/default-classes.ts';
import { defaultTolerationSeconds } from './steps/default-toleration-seconds.ts';
import { limitRanger } from './steps/limit-ranger.ts';
import { namespaceLifecycle } from './steps/namespace-lifecycle.ts';
import { podTopologyLabels, taintNodes } from './steps/nodes.ts';
import { priority } from './steps/priority.ts';
import { runtimeClass } from './steps/runtime-class.ts';
import { serviceAccount } from './steps/service-account.ts';
import { claimResize, storageProtection } from './steps/storage.ts';

const priorityClasses = 'scheduling.k8s.io/priorityclasses';
const storageClasses = 'storage.k8s.io/storageclasses';

/** All but webhooks, policies and quota, which come after whatever else there is. */
export function builtinSteps(storage: Storage, random: Random, authorizer: Authorizer): readonly AdmissionStep[] {
  const find = (resource: string, namespace: string, name: string) =>
    storage.find(resource, namespace, name) as UnstructuredObject | undefined;
  const all = (resource: string, namespace?: string) =>
    storage.list(resource, namespace).items as readonly UnstructuredObject[];
  return [
    namespaceLifecycle((name) => find('namespaces', '', name)),
    ...limitRanger((namespace) => all('limitranges', namespace)),
    ...serviceAccount((namespace, name) => find('serviceaccounts', namespace, name), random),
    taintNodes,
    podSecurity({ namespace: (name) => find('namespaces', '', name), pods: (namespace) => all('pods', namespace) }),
    ...priority({ find: (name) => find(priorityClasses, '', name), all: () => all(priorityClasses) }),
    defaultTolerationSeconds,
    defaultStorageClass(() => all(storageClasses)),
    storageProtection,
    claimResize((name) => find(storageClasses, '', name)),
    ...runtimeClass((name) => find('node.k8s.io/runtimeclasses', '', name)),
    certificateApproval(authorizer),
    certificateSigning(authorizer),
    certificateSubjectRestriction,
    defaultIngressClass(() => all('networking.k8s.io/ingressclasses')),
    podTopologyLabels((name) => find('nodes', '', name)),
  ];
}

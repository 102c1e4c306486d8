/** The admission steps of kube-apiserver that are built in here, in its order. */
import type { UnstructuredObject } from '#kube/meta/object.ts';
import type { Random } from '#world/random/random.ts';
import type { Storage } from '../registry/storage.ts';
import type { AdmissionStep } from './step.ts';
import { defaultStorageClass } from './steps/default-storage-class.ts';
import { defaultTolerationSeconds } from './steps/default-toleration-seconds.ts';
import { limitRanger } from './steps/limit-ranger.ts';
import { immortality, namespaceLifecycle } from './steps/namespace-lifecycle.ts';
import { priority } from './steps/priority.ts';
import { serviceAccount } from './steps/service-account.ts';

/** `disabled`: names as in kube-apiserver's --disable-admission-plugins. */
export function builtinSteps(storage: Storage, random: Random, disabled: readonly string[]): readonly AdmissionStep[] {
  const find = (resource: string, namespace: string, name: string) =>
    storage.find(resource, namespace, name) as UnstructuredObject | undefined;
  const all = (resource: string, namespace?: string) =>
    storage.list(resource, namespace).items as readonly UnstructuredObject[];
  const priorityClasses = 'scheduling.k8s.io/priorityclasses';
  const steps = [
    namespaceLifecycle((name) => find('namespaces', '', name)),
    limitRanger((namespace) => all('limitranges', namespace)),
    serviceAccount((namespace, name) => find('serviceaccounts', namespace, name), random),
    priority({ find: (name) => find(priorityClasses, '', name), all: () => all(priorityClasses) }),
    defaultTolerationSeconds,
    defaultStorageClass(() => all('storage.k8s.io/storageclasses')),
    immortality,
  ];
  return steps.filter(({ name }) => !disabled.includes(name));
}

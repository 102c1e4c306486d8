/**
 * Namespaces go to every cluster by themselves: the Work of one that a policy claims is there already, and is the
 * namespace's own. A binding takes it as it is and gives it back, or two Works would want one name. Pure.
 */
import { clusterBindingName, conflictResolution, statedFields } from '#apis/names/annotations.ts';
import { clusterBindingId } from '#apis/names/labels.ts';
import { bindingIdOf } from '#apis/work/binding.ts';
import type { Work } from '#apis/work/work.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { controllerOf } from '#kube/meta/owner.ts';

/** The Work is the template's own, whoever uses it. */
export const isOwnWork = (work: Work, template: KubeObject): boolean =>
  controllerOf(work)?.uid === template.metadata.uid && template.metadata.uid !== undefined;

/** It may be taken by the template's binding: nobody's binding has it. */
export const isFree = (work: Work, template: KubeObject): boolean =>
  bindingIdOf(work) === '' && isOwnWork(work, template);

/** As it was before a binding took it; the namespace stays where it is. */
export function givenBack(work: Work): Work {
  const { [clusterBindingId]: _id, ...labels } = work.metadata.labels ?? {};
  const {
    [clusterBindingName]: _name,
    [conflictResolution]: _resolution,
    [statedFields]: _stated,
    ...annotations
  } = work.metadata.annotations ?? {};
  return { ...work, metadata: { ...work.metadata, labels, annotations } };
}

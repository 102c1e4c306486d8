/** One admission step in the process: what it is for, and what it says. */
import type { AdmissionOperation, AdmissionReviewer } from '#kube/admission/review.ts';

/** What is about to happen, without the object: decides once whether a step is asked at all. */
export interface AdmissionTarget {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  /** '' for the resource itself. */
  readonly subresource: string;
  readonly namespaced: boolean;
  readonly operation: AdmissionOperation;
}

export interface AdmissionStep {
  /** As kube-apiserver's --disable-admission-plugins names it, or the webhook's name. */
  readonly name: string;
  /** `mutate` comes before validation, `validate` after it. */
  readonly phase: 'mutate' | 'validate';
  /** Asked once per kind, subresource and operation until the chain is told that rules have changed. */
  readonly handles: (target: AdmissionTarget) => boolean;
  /** Refuses by its answer or by throwing a StatusError. */
  readonly review: AdmissionReviewer;
}

/** Matches the resource itself on the given operations. */
export function handlesResource(
  group: string,
  resource: string,
  operations: readonly AdmissionOperation[],
): (target: AdmissionTarget) => boolean {
  return (target) =>
    target.group === group &&
    target.resource === resource &&
    target.subresource === '' &&
    operations.includes(target.operation);
}

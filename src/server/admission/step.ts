/** One admission step in the process: what it is for, and what it says. */
import type { AdmissionOperation, AdmissionRequest, AdmissionResponse } from '#kube/admission/review.ts';

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

/** One request on its way through the steps: what they may say beside their answer, and what they know of each other. */
export interface AdmissionPass {
  /** A text for the client's `Warning:` headers, whether or not the request is refused. */
  readonly warn: (text: string) => void;
  /** An annotation of the request's audit event; with `Request` only where the event records requests. */
  readonly annotate: (key: string, value: string, level?: 'Request') => void;
  /** What validation has done beyond the object, and is to be undone when the write then fails. */
  readonly onFailure: (undo: () => Promise<void>) => void;
  /** Mutating steps are asked a second time because one of them has asked for it. */
  readonly again: boolean;
  readonly askAgain: () => void;
  /** What steps remember from the first round for the second, by the step's name. */
  readonly memory: Map<string, unknown>;
}

export interface AdmissionStep {
  /** As kube-apiserver's --disable-admission-plugins names it. */
  readonly name: string;
  /** `mutate` comes before validation, `validate` after it. */
  readonly phase: 'mutate' | 'validate';
  /** Asked once per kind, subresource and operation until the chain is told that rules have changed. */
  readonly handles: (target: AdmissionTarget) => boolean;
  /** Refuses by its answer or by throwing a StatusError. */
  readonly review: (
    request: AdmissionRequest,
    pass: AdmissionPass,
  ) => AdmissionResponse | undefined | Promise<AdmissionResponse | undefined>;
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

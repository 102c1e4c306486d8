/**
 * Admission as values: what an admission step (in the process or behind a webhook) is asked and what it answers.
 */

import type { GroupVersionKind } from '../meta/kind.ts';
import type { JsonObject, KubeObject } from '../meta/object.ts';
import type { ResourcePath, UserInfo } from '../request/request.ts';

export type AdmissionOperation = 'CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT';

export interface AdmissionRequest {
  readonly uid: string;
  readonly kind: GroupVersionKind;
  readonly path: ResourcePath;
  readonly operation: AdmissionOperation;
  readonly user: UserInfo;
  /** Absent on DELETE; on CONNECT the options of the connection (PodExecOptions). */
  readonly object?: KubeObject;
  /** Absent on CREATE. */
  readonly oldObject?: KubeObject;
  readonly dryRun: boolean;
  /** CreateOptions, UpdateOptions or DeleteOptions as the client gave them; absent on CONNECT. */
  readonly options?: JsonObject;
}

export type AdmissionResponse =
  | {
      readonly allowed: true /** The mutated object, absent when unchanged. */;
      readonly object?: KubeObject;
      readonly warnings?: readonly string[];
    }
  | {
      readonly allowed: false;
      readonly code: number;
      readonly reason?: string;
      readonly message: string;
      readonly warnings?: readonly string[];
    };

/**
 * One admission webhook as a function: pure but for what it was built with (ids, time). `flotilla webhook`
 * serves it as AdmissionReview over HTTPS; all-in-one calls it directly.
 */
export type AdmissionReviewer = (request: AdmissionRequest) => AdmissionResponse | Promise<AdmissionResponse>;

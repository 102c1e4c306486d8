/** Groups of Kubernetes itself are only for APIs that were reviewed: an annotation says where. */

import { isRequestUri } from '#kube/schema/format-address.ts';
import { invalidValue, requiredValue } from '#kube/status/causes.ts';
import type { StatusCause } from '#kube/status/status.ts';
import type { CustomResourceDefinition } from '../definition.ts';

const annotation = 'api-approved.kubernetes.io';
const field = `metadata.annotations[${annotation}]`;
const see = 'see https://github.com/kubernetes/enhancements/pull/1111';

export type ApprovalState = 'missing' | 'bypassed' | 'approved' | 'invalid';

export interface Approval {
  readonly state: ApprovalState;
  readonly reason: string;
}

export const isProtected = ({ spec }: CustomResourceDefinition): boolean =>
  /(^|\.)(k8s|kubernetes)\.io$/.test(spec?.group ?? '');

export function approvalOf({ metadata }: CustomResourceDefinition): Approval {
  const text = metadata.annotations?.[annotation] ?? '';
  const quoted = JSON.stringify(annotation);
  if (text === '')
    return { state: 'missing', reason: `protected groups must have approval annotation ${quoted}, ${see}` };
  if (text.startsWith('unapproved')) return { state: 'bypassed', reason: `not approved: ${JSON.stringify(text)}` };
  if (isRequestUri(text) && /^[a-z][a-z0-9+.-]*:\/\/[^/]/i.test(text))
    return { state: 'approved', reason: `approved in ${text}` };
  const reason = `protected groups must have approval annotation ${quoted} with either a URL or a reason starting with "unapproved", ${see}`;
  return { state: 'invalid', reason };
}

/** What was so before may stay. */
export function approvalCauses(
  definition: CustomResourceDefinition,
  old: CustomResourceDefinition | undefined,
): readonly StatusCause[] {
  if (!isProtected(definition)) return [];
  const { state, reason } = approvalOf(definition);
  if (old && approvalOf(old).state === state) return [];
  if (state === 'missing') return [requiredValue(field, reason)];
  return state === 'invalid' ? [invalidValue(field, definition.metadata.annotations?.[annotation], reason)] : [];
}

/** resourceVersion as a parameter of reads. */

import type { RequestOptions } from '#kube/request/request.ts';
import { forbiddenField, unsupportedValue } from '#kube/status/causes.ts';
import { badRequest, invalid } from '#kube/status/errors.ts';
import { failure, type StatusCause } from '#kube/status/status.ts';

/** undefined for '' and '0': any state will do, and here every read answers the newest. Throws BadRequest. */
export function parseRevision(text: string | undefined): number | undefined {
  if (text === undefined || text === '' || text === '0') return undefined;
  if (!/^\d{1,16}$/.test(text)) {
    const quoted = JSON.stringify(text);
    throw badRequest(`resourceVersion: Invalid value: ${quoted}: strconv.ParseUint: parsing ${quoted}: invalid syntax`);
  }
  return Number(text);
}

/** A revision this server has not reached: answered as kube-apiserver does when its cache does not get there in time. */
export function requireReached(revision: number, current: number): void {
  if (revision <= current) return;
  throw failure('Timeout', `Too large resource version: ${revision}, current: ${current}`, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  });
}

const optionsKind = { group: 'meta.k8s.io', kind: 'ListOptions' } as const;

const refuse = (causes: readonly StatusCause[]): void => {
  if (causes.length > 0) throw invalid(optionsKind, '', causes);
};

/** Throws Invalid (apimachinery ValidateListOptions). */
export function checkListOptions(options: RequestOptions): void {
  const { resourceVersion = '', resourceVersionMatch: match, sendInitialEvents } = options;
  const causes: StatusCause[] = [];
  if (sendInitialEvents !== undefined) {
    causes.push(forbiddenField('sendInitialEvents', 'sendInitialEvents is forbidden for list'));
  }
  if (match !== undefined) {
    if (resourceVersion === '') {
      const text = 'resourceVersionMatch is forbidden unless resourceVersion is provided';
      causes.push(forbiddenField('resourceVersionMatch', text));
    }
    if (options.continue) {
      causes.push(
        forbiddenField('resourceVersionMatch', 'resourceVersionMatch is forbidden when continue is provided'),
      );
    }
    if (match === 'Exact' && resourceVersion === '0') {
      const text = 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"';
      causes.push(forbiddenField('resourceVersionMatch', text));
    }
  }
  refuse(causes);
}

/** Throws Invalid (apimachinery validateWatchOptions). */
export function checkWatchOptions({ resourceVersionMatch: match, sendInitialEvents }: RequestOptions): void {
  const causes: StatusCause[] = [];
  if (sendInitialEvents !== undefined && match !== 'NotOlderThan') {
    const text = 'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan';
    causes.push(forbiddenField('resourceVersionMatch', text));
  }
  if (match !== undefined && sendInitialEvents === undefined) {
    const text = 'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided';
    causes.push(forbiddenField('resourceVersionMatch', text));
  }
  if (match !== undefined && match !== 'NotOlderThan') {
    causes.push(unsupportedValue('resourceVersionMatch', match, ['NotOlderThan']));
  }
  refuse(causes);
}

/** resourceVersion as a parameter of reads. */

import type { RequestOptions } from '#kube/request/request.ts';
import { forbiddenField, unsupportedValue } from '#kube/status/causes.ts';
import { badRequest, invalid } from '#kube/status/errors.ts';
import { failure, type StatusCause, StatusError } from '#kube/status/status.ts';

const mostRevision = 2n ** 64n - 1n;

/** What is wrong with it, in Go's words for an unsigned number. */
function problemOf(text: string): string | undefined {
  if (!/^\d+$/.test(text)) return 'invalid syntax';
  return text.length > 19 && BigInt(text) > mostRevision ? 'value out of range' : undefined;
}

/**
 * undefined for '' and '0': any state will do, and here every read answers the newest. Throws BadRequest for a list; for
 * gets and watches a 500, as kube-apiserver.
 */
export function parseRevision(text: string | undefined, verb?: 'list'): number | undefined {
  if (text === undefined || text === '' || text === '0') return undefined;
  const problem = problemOf(text);
  if (problem === undefined) return Number(text);
  const quoted = JSON.stringify(text);
  const message = `resourceVersion: Invalid value: ${quoted}: strconv.ParseUint: parsing ${quoted}: ${problem}`;
  if (verb === 'list') throw badRequest(`invalid resource version: ${message}`);
  throw new StatusError({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, code: 500 });
}

/** A revision this server has not reached: answered as kube-apiserver does when its cache does not get there in time. */
export function requireReached(revision: number, current: number): void {
  if (revision <= current) return;
  throw failure('Timeout', `Timeout: Too large resource version: ${revision}, current: ${current}`, {
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
    if (match !== 'Exact' && match !== 'NotOlderThan') {
      causes.push(unsupportedValue('resourceVersionMatch', match, ['Exact', 'NotOlderThan', '']));
    }
    if (match === 'Exact' && resourceVersion === '0') {
      const text = 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"';
      causes.push(forbiddenField('resourceVersionMatch', text));
    }
  }
  refuse(causes);
}

/** Throws Invalid (apimachinery validateWatchOptions). */
export function checkWatchOptions({
  resourceVersionMatch: match,
  sendInitialEvents,
  continue: token,
}: RequestOptions): void {
  const causes: StatusCause[] = [];
  if (token) {
    causes.push(forbiddenField('resourceVersionMatch', 'resourceVersionMatch is forbidden when continue is provided'));
  }
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

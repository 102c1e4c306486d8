/** DeleteOptions as they came, checked in apimachinery's words. */
import type { DeleteOptions } from '#kube/request/request.ts';
import { invalidValue, unsupportedValue } from '#kube/status/causes.ts';
import { badRequest, invalid } from '#kube/status/errors.ts';
import type { StatusCause } from '#kube/status/status.ts';
import type { Scope } from '../context.ts';

const policies: readonly string[] = ['Foreground', 'Background', 'Orphan'];
const none: DeleteOptions = {};

/** Throws BadRequest or Invalid. */
export function deleteOptions(scope: Scope): DeleteOptions {
  const body = scope.request.body;
  if (body === undefined || body === null) return none;
  if (typeof body !== 'object' || Array.isArray(body))
    throw badRequest('the body of a delete must be a DeleteOptions object');
  const options = body as DeleteOptions;
  const { propagationPolicy, orphanDependents, gracePeriodSeconds, dryRun } = options;
  const causes: StatusCause[] = [];
  if (propagationPolicy !== undefined && orphanDependents !== undefined) {
    const text = 'orphanDependents and deletionPropagation cannot be both set';
    causes.push(invalidValue('propagationPolicy', propagationPolicy, text));
  }
  if (propagationPolicy !== undefined && !policies.includes(propagationPolicy)) {
    causes.push(unsupportedValue('propagationPolicy', propagationPolicy, [...policies, 'nil']));
  }
  if (gracePeriodSeconds !== undefined && !Number.isInteger(gracePeriodSeconds)) {
    throw badRequest('gracePeriodSeconds must be a whole number of seconds');
  }
  if (dryRun?.some((value) => value !== 'All')) causes.push(unsupportedValue('dryRun', dryRun, ['All']));
  if (causes.length > 0) throw invalid({ group: 'meta.k8s.io', kind: 'DeleteOptions' }, '', causes);
  return options;
}

/** DeleteOptions as they came, checked in apimachinery's words. */
import { builtinComponent } from '#apis/kubernetes/tables.ts';
import type { DeleteOptions } from '#kube/request/request.ts';
import { decodeError } from '#kube/schema/decode.ts';
import { invalidValue, unsupportedValue } from '#kube/status/causes.ts';
import { badRequest, invalid } from '#kube/status/errors.ts';
import type { StatusCause } from '#kube/status/status.ts';
import type { Scope } from '../context.ts';

const policies: readonly string[] = ['Foreground', 'Background', 'Orphan'];
const none: DeleteOptions = {};

const kind = 'DeleteOptions';

/** In whichever group's name they come. Throws BadRequest. */
function checkDecoded(body: Readonly<Record<string, unknown>>): void {
  if (body.kind !== undefined && body.kind !== kind) {
    const [sent, version] = [JSON.stringify(body.kind), JSON.stringify(body.apiVersion ?? '')];
    throw badRequest(`no kind ${sent} is registered for version ${version} in scheme "pkg/runtime/scheme.go:111"`);
  }
  const text = decodeError(builtinComponent('io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions'), body, kind);
  // OpenAPI does not tell that this text has a type of its own.
  if (text !== undefined)
    throw badRequest(text.replace(/(propagationPolicy of type )string$/, '$1v1.DeletionPropagation'));
}

/** Throws BadRequest or Invalid. */
export function deleteOptions(scope: Scope): DeleteOptions {
  const body = scope.request.body;
  if (body === undefined || body === null) return none;
  if (typeof body !== 'object' || Array.isArray(body))
    throw badRequest('the body of a delete must be a DeleteOptions object');
  checkDecoded(body as Readonly<Record<string, unknown>>);
  const options = body as DeleteOptions;
  const { propagationPolicy, orphanDependents, dryRun } = options;
  const causes: StatusCause[] = [];
  if (propagationPolicy !== undefined && orphanDependents !== undefined) {
    const text = 'orphanDependents and deletionPropagation cannot be both set';
    causes.push(invalidValue('propagationPolicy', propagationPolicy, text));
  }
  if (propagationPolicy !== undefined && !policies.includes(propagationPolicy)) {
    causes.push(unsupportedValue('propagationPolicy', propagationPolicy, [...policies, 'nil']));
  }
  if (dryRun?.some((value) => value !== 'All')) causes.push(unsupportedValue('dryRun', dryRun, ['All']));
  if (causes.length > 0) throw invalid({ group: 'meta.k8s.io', kind: 'DeleteOptions' }, '', causes);
  return options;
}

/** The failures of an API server, one function each, in the words kubectl users know (apimachinery api/errors). */
import { groupResource } from '../meta/kind.ts';
import { failure, type StatusCause, type StatusError } from './status.ts';

interface GroupResource {
  readonly group: string;
  readonly resource: string;
}

/** An empty name is not written. */
const named = (name: string) => (name === '' ? {} : { name });

const detailsOf = (ref: GroupResource, name: string) => ({
  ...named(name),
  ...(ref.group ? { group: ref.group } : {}),
  kind: ref.resource,
});

/** As Go's %q shows a name that is none. */
const quoted = (name: string): string =>
  JSON.stringify(name).replace(/\\u00([\da-f]{2})/g, (_found, hex: string) => `\\x${hex}`);

export const notFound = (ref: GroupResource, name: string): StatusError =>
  failure('NotFound', `${groupResource(ref)} ${quoted(name)} not found`, detailsOf(ref, name));

export const alreadyExists = (ref: GroupResource, name: string): StatusError =>
  failure('AlreadyExists', `${groupResource(ref)} "${name}" already exists`, detailsOf(ref, name));

/** The name is free again once whatever holds the object lets go. */
export const stillTerminating = (ref: GroupResource, name: string): StatusError =>
  failure(
    'AlreadyExists',
    `object is being deleted: ${groupResource(ref)} "${name}" already exists`,
    detailsOf(ref, name),
  );

export const conflict = (ref: GroupResource, name: string, why: string): StatusError =>
  failure('Conflict', `Operation cannot be fulfilled on ${groupResource(ref)} "${name}": ${why}`, detailsOf(ref, name));

export const staleResourceVersion = (ref: GroupResource, name: string): StatusError =>
  conflict(ref, name, 'the object has been modified; please apply your changes to the latest version and try again');

export const forbidden = (ref: GroupResource, name: string, why: string): StatusError =>
  failure(
    'Forbidden',
    name === '' ? `${groupResource(ref)} is forbidden: ${why}` : `${groupResource(ref)} "${name}" is forbidden: ${why}`,
    detailsOf(ref, name),
  );

/** `causes` are field errors; the message joins them as field.ErrorList.ToAggregate does. */
export function invalid(
  kind: { readonly group: string; readonly kind: string },
  name: string,
  causes: readonly StatusCause[],
): StatusError {
  const texts = [
    ...new Set(causes.map((cause) => (cause.field ? `${cause.field}: ${cause.message}` : `${cause.message}`))),
  ];
  const joined = texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`;
  const subject = kind.group ? `${kind.kind}.${kind.group}` : kind.kind;
  return failure('Invalid', `${subject} "${name}" is invalid: ${joined}`, {
    ...named(name),
    ...(kind.group ? { group: kind.group } : {}),
    ...(kind.kind ? { kind: kind.kind } : {}),
    causes,
  });
}

export const badRequest = (message: string): StatusError => failure('BadRequest', message);
export const unauthorized = (): StatusError => failure('Unauthorized', 'Unauthorized');
export const expired = (message: string): StatusError => failure('Expired', message);
export const methodNotAllowed = (message: string): StatusError => failure('MethodNotAllowed', message, {});
/** Of custom resources: the verb is not one of theirs. */
export const notSupported = (ref: GroupResource, verb: string): StatusError =>
  failure(
    'MethodNotAllowed',
    `${verb} is not supported on resources of kind ${JSON.stringify(groupResource(ref))}`,
    detailsOf(ref, ''),
  );
/** Of a path that is served, but not for this. */
export const methodNotServed = (): StatusError =>
  failure('MethodNotAllowed', 'the server does not allow this method on the requested resource', {});
export const notWatched = (ref: GroupResource): StatusError =>
  failure(
    'MethodNotAllowed',
    `watch is not supported on resources of kind "${groupResource(ref)}"`,
    detailsOf(ref, ''),
  );
export const notAcceptable = (message: string): StatusError => failure('NotAcceptable', message, {});
export const unsupportedMediaType = (message: string): StatusError => failure('UnsupportedMediaType', message);
export const entityTooLarge = (message: string): StatusError => failure('RequestEntityTooLarge', message);
export const tooManyRequests = (message: string, retryAfterSeconds = 1): StatusError =>
  failure('TooManyRequests', message, { retryAfterSeconds });
export const internalError = (message: string): StatusError =>
  failure('InternalError', `Internal error occurred: ${message}`, { causes: [{ message }] });
export const notImplemented = (message: string): StatusError => failure('NotImplemented', message);
export const serviceUnavailable = (message: string): StatusError => failure('ServiceUnavailable', message);
export const timedOut = (message: string): StatusError => failure('Timeout', message);
/** For a path nobody serves. */
export const noSuchPath = (): StatusError =>
  failure('NotFound', 'the server could not find the requested resource', {});

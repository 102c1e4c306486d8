/** Query parameters and DeleteOptions bodies as typed values, refused in apimachinery's words. */
import type { JsonValue } from '#kube/meta/object.ts';
import type { DeleteOptions, PatchType, RequestOptions, Verb } from '#kube/request/request.ts';
import { badRequest, invalid } from '#kube/status/errors.ts';
import type { StatusCause } from '#kube/status/status.ts';

/** As Go's query conversion: present means true unless it says false. */
export function flag(query: URLSearchParams, name: string): boolean {
  const value = query.get(name);
  return value !== null && value.toLowerCase() !== 'false' && value !== '0';
}

const leastInteger = -(2n ** 63n);
const mostInteger = 2n ** 63n - 1n;

/** Go's ParseInt of 64 bits. Beyond 2^53 the nearest number is answered: nothing is as long or as many as that. */
function wholeNumber(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  const refused = (why: string) => badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: ${why}`);
  if (!/^[+-]?\d+$/.test(text)) throw refused('invalid syntax');
  if (text.length > 18) {
    const value = text.startsWith('-') ? -BigInt(text.slice(1)) : BigInt(text.replace('+', ''));
    if (value < leastInteger || value > mostInteger) throw refused('value out of range');
  }
  return Number(text);
}

const optionsKinds: Readonly<Record<Verb, string>> = {
  get: 'GetOptions',
  list: 'ListOptions',
  watch: 'ListOptions',
  create: 'CreateOptions',
  update: 'UpdateOptions',
  patch: 'PatchOptions',
  delete: 'DeleteOptions',
  deletecollection: 'DeleteOptions',
};

const fieldValidations = ['Ignore', 'Strict', 'Warn'] as const;

/** As apimachinery: a manager's name is at most this long and printable. */
const fieldManagerLength = 128;

function unsupported(field: string, value: string | readonly string[], supported: readonly string[]): StatusCause {
  const list = supported.map((text) => JSON.stringify(text)).join(', ');
  return {
    reason: 'FieldValueNotSupported',
    field,
    message: `Unsupported value: ${JSON.stringify(value)}: supported values: ${list}`,
  };
}

function fieldManagerCauses(manager: string | null, verb: Verb, patchType: PatchType | undefined): StatusCause[] {
  const field = 'fieldManager';
  if (!manager) {
    if (verb !== 'patch' || patchType !== 'apply') return [];
    return [{ reason: 'FieldValueRequired', field, message: 'Required value: is required for apply patch' }];
  }
  if (manager.length > fieldManagerLength) {
    return [
      { reason: 'FieldValueTooLong', field, message: `Too long: may not be more than ${fieldManagerLength} bytes` },
    ];
  }
  return unprintable(manager).map((what) => ({
    reason: 'FieldValueInvalid',
    field,
    message: `Invalid value: ${JSON.stringify(manager)}: ${what}`,
  }));
}

/** What Go's unicode.IsPrint refuses, with its position in bytes. */
function unprintable(text: string): readonly string[] {
  const found: string[] = [];
  let position = 0;
  for (const character of text) {
    if (!/[\p{L}\p{M}\p{N}\p{P}\p{S} ]/u.test(character)) {
      const code = character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
      found.push(`invalid character U+${code} (at position ${position})`);
    }
    position += Buffer.byteLength(character);
  }
  return found;
}

function causesIn(query: URLSearchParams, verb: Verb, patchType: PatchType | undefined): StatusCause[] {
  const causes: StatusCause[] = [];
  const dryRun = query.getAll('dryRun');
  if (dryRun.some((value) => value !== 'All')) causes.push(unsupported('dryRun', dryRun, ['All']));
  const validation = query.get('fieldValidation');
  if (validation && !(fieldValidations as readonly string[]).includes(validation)) {
    causes.push(unsupported('fieldValidation', validation, ['', ...fieldValidations]));
  }
  causes.push(...fieldManagerCauses(query.get('fieldManager'), verb, patchType));
  if (verb === 'patch' && patchType !== 'apply' && query.has('force')) {
    const message = 'Forbidden: may not be specified for non-apply patch';
    causes.push({ reason: 'FieldValueForbidden', field: 'force', message });
  }
  return causes;
}

const noOptions: RequestOptions = {};

/** Throws BadRequest or Invalid. Unknown parameters are ignored, as apimachinery does. */
export function parseOptions(query: URLSearchParams, verb: Verb, patchType?: PatchType): RequestOptions {
  if (query.size === 0 && patchType !== 'apply') return noOptions;
  const causes = causesIn(query, verb, patchType);
  if (causes.length > 0) throw invalid({ group: 'meta.k8s.io', kind: optionsKinds[verb] }, '', causes);

  const text = <K extends keyof RequestOptions>(name: K) => {
    const value = query.get(name);
    return value ? { [name]: value } : undefined;
  };
  const number = (name: keyof RequestOptions) => {
    const value = wholeNumber(query, name);
    return value === undefined ? undefined : { [name]: value };
  };
  const boolean = (name: keyof RequestOptions) => (query.has(name) ? { [name]: flag(query, name) } : undefined);
  return {
    ...(query.getAll('dryRun').includes('All') ? { dryRun: true } : undefined),
    ...text('fieldManager'),
    ...text('fieldValidation'),
    ...boolean('force'),
    ...text('resourceVersion'),
    ...text('resourceVersionMatch'),
    ...text('labelSelector'),
    ...text('fieldSelector'),
    ...number('limit'),
    ...text('continue'),
    ...number('timeoutSeconds'),
    ...boolean('allowWatchBookmarks'),
    ...boolean('sendInitialEvents'),
  };
}

/** Go's decoder on what is no object, where apiVersion and kind are looked for. */
function notAnObject(body: JsonValue): string {
  const type = Array.isArray(body) ? 'array' : typeof body === 'boolean' ? 'bool' : typeof body;
  const fields = ['APIVersion string "json:\\"apiVersion,omitempty\\""', 'Kind string "json:\\"kind,omitempty\\""'];
  return `json: cannot unmarshal ${type} into Go value of type struct { ${fields.join('; ')} }`;
}

/** A body wins over the query, as in apiserver. */
export function parseDeleteOptions(query: URLSearchParams, body: JsonValue | undefined): DeleteOptions {
  if (body !== undefined && body !== null) {
    if (typeof body !== 'object' || Array.isArray(body))
      throw badRequest(`couldn't get version/kind; json parse error: ${notAnObject(body)}`);
    return body as DeleteOptions;
  }
  const seconds = wholeNumber(query, 'gracePeriodSeconds');
  const policy = query.get('propagationPolicy');
  return {
    ...(seconds === undefined ? undefined : { gracePeriodSeconds: seconds }),
    ...(policy ? { propagationPolicy: policy as NonNullable<DeleteOptions['propagationPolicy']> } : undefined),
    ...(query.has('orphanDependents') ? { orphanDependents: flag(query, 'orphanDependents') } : undefined),
    ...(query.has('dryRun') ? { dryRun: query.getAll('dryRun') } : undefined),
  };
}

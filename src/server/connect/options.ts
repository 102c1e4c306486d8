/** Query options of connecting subresources, decoded and refused as apiserver's conversion and validation do. Pure. */
import type { LogOptions } from '#kube/connect/nodes.ts';
import { badRequest, invalid } from '#kube/status/errors.ts';
import type { StatusCause } from '#kube/status/status.ts';
import { timeError } from './time-error.ts';

/** Go's conversion of a query value: given means true unless it says false. */
function truth(query: URLSearchParams, name: string, absent = false): boolean {
  const value = query.get(name);
  if (value === null) return absent;
  return value !== '0' && value.toLowerCase() !== 'false';
}

const mostWhole = 2n ** 63n - 1n;

function wholeNumber(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  const refused = (why: string) => badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: ${why}`);
  if (!/^[+-]?\d+$/.test(text)) throw refused('invalid syntax');
  const whole = BigInt(text.replace('+', ''));
  if (whole > mostWhole || whole < -mostWhole - 1n) throw refused('value out of range');
  return Number(whole);
}

function moment(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null || text === '' || text === 'null') return undefined;
  const why = timeError(text);
  if (why !== undefined) throw badRequest(why);
  return Date.parse(text);
}

const bad = (field: string, value: number, why: string): StatusCause => ({
  reason: 'FieldValueInvalid',
  field,
  message: `Invalid value: ${value}: ${why}`,
});

const both = (message: string): StatusCause => ({
  reason: 'FieldValueForbidden',
  field: '[]',
  message: `Forbidden: ${message}`,
});

export interface PodLogOptions {
  readonly container: string;
  readonly log: LogOptions;
}

/** Throws BadRequest for what cannot be read, Invalid for what makes no sense. `now`: milliseconds since 1970. */
export function logOptionsOf(query: URLSearchParams, pod: string, now: number): PodLogOptions {
  const tailLines = wholeNumber(query, 'tailLines');
  const limitBytes = wholeNumber(query, 'limitBytes');
  const sinceSeconds = wholeNumber(query, 'sinceSeconds');
  const sinceTime = moment(query, 'sinceTime');
  const causes: StatusCause[] = [];
  if (tailLines !== undefined && tailLines < 0)
    causes.push(bad('tailLines', tailLines, 'must be greater than or equal to 0'));
  if (limitBytes !== undefined && limitBytes < 1) causes.push(bad('limitBytes', limitBytes, 'must be greater than 0'));
  if (sinceSeconds !== undefined && sinceTime !== undefined)
    causes.push(both('at most one of `sinceTime` or `sinceSeconds` may be specified'));
  else if (sinceSeconds !== undefined && sinceSeconds < 1)
    causes.push(bad('sinceSeconds', sinceSeconds, 'must be greater than 0'));
  // The gate PodLogsQuerySplitStreams is off, as in kube-apiserver by default.
  if (query.has('stream'))
    causes.push({ reason: 'FieldValueForbidden', field: 'stream', message: 'Forbidden: may not be specified' });
  if (causes.length > 0) throw invalid({ group: '', kind: 'PodLogOptions' }, pod, causes);
  const since = sinceSeconds === undefined ? sinceTime : now - sinceSeconds * 1_000;
  return {
    container: query.get('container') ?? '',
    log: {
      follow: truth(query, 'follow'),
      previous: truth(query, 'previous'),
      timestamps: truth(query, 'timestamps'),
      stream: 'All',
      ...(tailLines === undefined ? {} : { tailLines }),
      ...(limitBytes === undefined ? {} : { limitBytes }),
      ...(since === undefined ? {} : { since }),
    },
  };
}

export interface PodExecOptions {
  readonly container: string;
  readonly command: readonly string[];
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
  readonly tty: boolean;
}

/** Of exec; of attach too, which has no command. */
export const execOptionsOf = (query: URLSearchParams): PodExecOptions => ({
  container: query.get('container') ?? '',
  command: query.getAll('command'),
  stdin: truth(query, 'stdin'),
  stdout: truth(query, 'stdout'),
  stderr: truth(query, 'stderr'),
  tty: truth(query, 'tty'),
});

/** As numbers of the query say; '' stays, for whoever cannot do without. */
export function portsOf(query: URLSearchParams): readonly string[] {
  const ports = query.getAll('ports').flatMap((text) => text.split(','));
  for (const port of ports)
    if (!/^[+-]?\d+$/.test(port))
      throw badRequest(`cannot convert to []int32: strconv.ParseUint: parsing ${JSON.stringify(port)}: invalid syntax`);
  return ports;
}

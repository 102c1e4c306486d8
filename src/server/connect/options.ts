/** Query options of connecting subresources, decoded and refused as apiserver's conversion and validation do. Pure. */
import type { LogOptions } from '#kube/connect/nodes.ts';
import { badRequest, invalid } from '#kube/status/errors.ts';
import type { StatusCause } from '#kube/status/status.ts';

/** Go's conversion of a query value: given means true unless it says false. */
function truth(query: URLSearchParams, name: string, absent = false): boolean {
  const value = query.get(name);
  if (value === null) return absent;
  return value !== '0' && value.toLowerCase() !== 'false';
}

/** Beyond it JavaScript counts no more in ones; no log is so long. */
const mostDigits = 15;

function wholeNumber(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  if (!/^[+-]?\d+$/.test(text)) throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  return Number(text.slice(0, mostDigits));
}

const layout = '"2006-01-02T15:04:05Z07:00"';
const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

function moment(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null || text === '' || text === 'null') return undefined;
  const parsed = rfc3339.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(parsed)) {
    const quoted = JSON.stringify(text);
    throw badRequest(`parsing time ${quoted} as ${layout}: cannot parse ${quoted} as "2006"`);
  }
  return parsed;
}

const bad = (field: string, value: number, why: string): StatusCause => ({
  reason: 'FieldValueInvalid',
  field,
  message: `Invalid value: ${value}: ${why}`,
});

const both = (message: string): StatusCause => ({
  reason: 'FieldValueForbidden',
  field: '',
  message: `Forbidden: ${message}`,
});

const logStreams = ['All', 'Stderr', 'Stdout'] as const;

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
  const stream = query.get('stream') ?? 'All';
  const causes: StatusCause[] = [];
  if (tailLines !== undefined && tailLines < 0)
    causes.push(bad('tailLines', tailLines, 'must be greater than or equal to 0'));
  if (limitBytes !== undefined && limitBytes < 1) causes.push(bad('limitBytes', limitBytes, 'must be greater than 0'));
  if (sinceSeconds !== undefined && sinceTime !== undefined)
    causes.push(both('at most one of `sinceTime` or `sinceSeconds` may be specified'));
  else if (sinceSeconds !== undefined && sinceSeconds < 1)
    causes.push(bad('sinceSeconds', sinceSeconds, 'must be greater than 0'));
  const known = logStreams.find((each) => each === stream);
  if (!known) {
    const supported = logStreams.map((each) => JSON.stringify(each)).join(', ');
    const message = `Unsupported value: ${JSON.stringify(stream)}: supported values: ${supported}`;
    causes.push({ reason: 'FieldValueNotSupported', field: 'stream', message });
  }
  if (stream !== 'All' && tailLines !== undefined)
    causes.push(both('`tailLines` and specific `stream` are mutually exclusive for now'));
  if (causes.length > 0) throw invalid({ group: '', kind: 'PodLogOptions' }, pod, causes);
  const since = sinceSeconds === undefined ? sinceTime : now - sinceSeconds * 1_000;
  return {
    container: query.get('container') ?? '',
    log: {
      follow: truth(query, 'follow'),
      previous: truth(query, 'previous'),
      timestamps: truth(query, 'timestamps'),
      stream: known ?? 'All',
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
    if (!/^[+-]?\d+$/.test(port)) throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(port)}: invalid syntax`);
  return ports;
}

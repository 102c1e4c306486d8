/** Content negotiation: which form of an answer a client can read (apiserver's negotiation package). */
import { badRequest, notAcceptable } from '#kube/status/errors.ts';
import { failure } from '#kube/status/status.ts';

/** How an answer is written. */
export interface Representation {
  readonly media: 'json' | 'yaml' | 'protobuf';
  /** object: as it is. table: meta.k8s.io Table. metadata: PartialObjectMetadata(List). */
  readonly form: 'object' | 'table' | 'metadata';
  /** Metadata was asked for as that of a list. */
  readonly list?: boolean;
  /** Of meta.k8s.io, for the forms that are not 'object'. */
  readonly version: 'v1' | 'v1beta1';
}

const plainJson: Representation = { media: 'json', form: 'object', version: 'v1' };

export const protobufType = 'application/vnd.kubernetes.protobuf';

export const mediaTypes: Readonly<Record<string, Representation['media']>> = {
  'application/json': 'json',
  'application/yaml': 'yaml',
  'application/*': 'json',
  '*/*': 'json',
  [protobufType]: 'protobuf',
};

export const acceptedTypes = `application/json, application/yaml, ${protobufType}`;

export interface AcceptClause {
  readonly type: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** Clauses in order of preference: q first, then as written. */
export function parseAccept(header: string): readonly AcceptClause[] {
  const clauses = header.split(',').map((text, index) => {
    const [type = '', ...pairs] = text.split(';').map((part) => part.trim());
    const parameters: Record<string, string> = {};
    for (const pair of pairs) {
      const equals = pair.indexOf('=');
      if (equals > 0) parameters[pair.slice(0, equals).toLowerCase()] = pair.slice(equals + 1).replaceAll('"', '');
    }
    return { type: type.toLowerCase(), parameters, index, q: Number(parameters.q ?? 1) };
  });
  return clauses.filter(({ type, q }) => type !== '' && q > 0).sort((a, b) => b.q - a.q || a.index - b.index);
}

const forms: Readonly<Record<string, Representation['form']>> = {
  Table: 'table',
  PartialObjectMetadata: 'metadata',
  PartialObjectMetadataList: 'metadata',
};

/** Metadata has a protobuf form whatever it is of; a Table has none. */
const inProtobuf = ({ form, version }: Representation, objects: boolean) =>
  form === 'object' ? objects : form === 'metadata' && version === 'v1';

function representationOf({ type, parameters }: AcceptClause, protobuf: boolean): Representation | undefined {
  const media = mediaTypes[type];
  if (!media) return undefined;
  const form = parameters.as === undefined ? 'object' : forms[parameters.as];
  const { g: group, v: version = 'v1' } = parameters;
  if (!form || (version !== 'v1' && version !== 'v1beta1')) return undefined;
  if (form !== 'object' && (group !== 'meta.k8s.io' || parameters.v === undefined)) return undefined;
  const representation: Representation = {
    media,
    form,
    version: form === 'object' ? 'v1' : version,
    ...(parameters.as === 'PartialObjectMetadataList' ? { list: true } : {}),
  };
  return media === 'protobuf' && !inProtobuf(representation, protobuf) ? undefined : representation;
}

/** What routes of kube-apiserver's own resources produce: ranges of types but the widest are not looked at. */
const routedTypes: ReadonlySet<string> = new Set(['*/*', ...acceptedTypes.split(', ')]);

const unrouted = (header: string) => !header.split(',').some((each) => routedTypes.has(each.split(';', 1)[0]!.trim()));

/** A router has refused it before anybody negotiates. */
const unroutedAccept = () => notAcceptable(`406: Not Acceptable\n\nAvailable representations: ${acceptedTypes}`);

function negotiateAnew(header: string, protobuf: boolean, builtin: () => boolean): Representation {
  if (unrouted(header) && builtin()) throw unroutedAccept();
  for (const clause of parseAccept(header)) {
    const representation = representationOf(clause, protobuf);
    if (representation) return representation;
  }
  // As kube-apiserver, which names protobuf also where only metadata has that form.
  throw failure('NotAcceptable', `only the following media types are accepted: ${acceptedTypes}`);
}

/** Programs send a handful of Accept headers, each thousands of times; 256 headers of ~200 bytes are 50 kB. */
const rememberedHeaders = 256;
const remembered = { text: new Map<string, Representation>(), protobuf: new Map<string, Representation>() };

const never = () => false;

/**
 * `protobuf`: whether the objects that may be answered have such a form; `builtin`: whether they are served by routes.
 * Throws NotAcceptable. No header accepts anything.
 */
export function negotiate(header: string | undefined, protobuf = false, builtin = never): Representation {
  if (!header || header === 'application/json' || header === '*/*') return plainJson;
  const headers = protobuf ? remembered.protobuf : remembered.text;
  const known = headers.get(header);
  if (known) return known;
  const representation = negotiateAnew(header, protobuf, builtin);
  // What it is depends on who serves it.
  if (unrouted(header)) return representation;
  if (headers.size >= rememberedHeaders) headers.clear();
  headers.set(header, representation);
  return representation;
}

export const speaksProtobuf = (header: string | undefined): boolean => header?.includes(protobufType) === true;

/** How a failure is told: by the first clause that asks for objects as they are. */
export function failureMedia(header: string | undefined): Representation['media'] {
  if (!speaksProtobuf(header) && header?.includes('yaml') !== true) return 'json';
  const first = parseAccept(header!).find(({ type, parameters }) => mediaTypes[type] && parameters.as === undefined);
  return mediaTypes[first?.type ?? ''] ?? 'json';
}

export type IncludeObject = 'None' | 'Metadata' | 'Object';

/** `includeObject` of a Table request. */
export function includeObject(query: URLSearchParams): IncludeObject {
  const value = query.get('includeObject');
  if (value === null || value === '') return 'Metadata';
  if (value === 'None' || value === 'Metadata' || value === 'Object') return value;
  throw badRequest(
    `Unable to convert to Table as requested: includeObject: Invalid value: ${JSON.stringify(value)}: must be 'Metadata', 'Object', 'None', or empty`,
  );
}

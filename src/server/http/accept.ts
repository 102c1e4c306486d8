/** Content negotiation: which form of an answer a client can read (apiserver's negotiation package). */
import { badRequest, notAcceptable } from '#kube/status/errors.ts';

/** How an answer is written. */
export interface Representation {
  readonly media: 'json' | 'yaml';
  /** object: as it is. table: meta.k8s.io Table. metadata: PartialObjectMetadata(List). */
  readonly form: 'object' | 'table' | 'metadata';
  /** Of meta.k8s.io, for the forms that are not 'object'. */
  readonly version: 'v1' | 'v1beta1';
}

const plainJson: Representation = { media: 'json', form: 'object', version: 'v1' };

const mediaTypes: Readonly<Record<string, Representation['media']>> = {
  'application/json': 'json',
  'application/yaml': 'yaml',
  'application/*': 'json',
  '*/*': 'json',
};

const acceptedTypes = 'application/json, application/yaml';
const protobuf = 'application/vnd.kubernetes.protobuf';

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

function representationOf({ type, parameters }: AcceptClause): Representation | undefined {
  const media = mediaTypes[type];
  if (!media) return undefined;
  if (parameters.as === undefined) return { media, form: 'object', version: 'v1' };
  const form = forms[parameters.as];
  const { g: group, v: version } = parameters;
  if (!form || group !== 'meta.k8s.io' || (version !== 'v1' && version !== 'v1beta1')) return undefined;
  return { media, form, version };
}

function negotiateAnew(header: string): Representation {
  const clauses = parseAccept(header);
  for (const clause of clauses) {
    const representation = representationOf(clause);
    if (representation) return representation;
  }
  const why = clauses.every(({ type }) => type === protobuf)
    ? '; protobuf is not written by this server, accept JSON'
    : '';
  throw notAcceptable(`only the following media types are accepted: ${acceptedTypes}${why}`);
}

/** Programs send a handful of Accept headers, each thousands of times; 256 headers of ~200 bytes are 50 kB. */
const rememberedHeaders = 256;
const remembered = new Map<string, Representation>();

/** Throws NotAcceptable. No header accepts anything. */
export function negotiate(header: string | undefined): Representation {
  if (!header || header === 'application/json' || header === '*/*') return plainJson;
  const known = remembered.get(header);
  if (known) return known;
  const representation = negotiateAnew(header);
  if (remembered.size >= rememberedHeaders) remembered.clear();
  remembered.set(header, representation);
  return representation;
}

export type IncludeObject = 'None' | 'Metadata' | 'Object';

/** `includeObject` of a Table request. */
export function includeObject(query: URLSearchParams): IncludeObject {
  const value = query.get('includeObject');
  if (value === null || value === '') return 'Metadata';
  if (value === 'None' || value === 'Metadata' || value === 'Object') return value;
  throw badRequest(`unrecognized includeObject value: ${JSON.stringify(value)}`);
}

/** `/api`, `/apis` and what is below them, made anew only when what is served has changed. */
import type { KindDefinition } from '#kube/kind/definition.ts';
import type { JsonObject } from '#kube/meta/object.ts';
import type { RawResponse } from '#kube/request/request.ts';
import { sha512Text } from '#world/certificates/digest.ts';
import { protobufType, type Representation } from '../http/accept.ts';
import { aggregatedList, apiGroup, coreVersions, groupList, resourceList } from './documents.ts';
import { discoveryForm } from './forms.ts';
import { type ServedGroup, type ServiceView, servedGroups } from './groups.ts';

export interface DiscoveryOptions {
  readonly definitions: () => readonly KindDefinition[];
  readonly onChange: (listener: () => void) => unknown;
  /** APIServices, where there are any. */
  readonly services?: ServiceView;
  /** `host:port`, for `/api`. */
  readonly serverAddress?: string;
}

export interface Discovery {
  /** undefined: not a path of discovery, or a group or version that is not served. Throws NotAcceptable. */
  readonly answer: (pathname: string, accept?: string) => Promise<RawResponse> | undefined;
  /** `/api/v1`, `/apis/apps/v1`, …: for the index at `/`. */
  readonly paths: () => readonly string[];
}

/** A document, its entity tag where it has one, and its bytes in the forms asked for so far. */
interface Document {
  readonly body: JsonObject;
  readonly etag?: string;
  yaml?: string;
  protobuf?: Buffer;
}

const types = { json: 'application/json', yaml: 'application/yaml', protobuf: protobufType } as const;

const aggregatedMark = ';g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

/** The printer of YAML and the codec are loaded when the first one asks. */
async function written(document: Document, media: Representation['media']): Promise<RawResponse['body']> {
  if (media === 'json') return document.body;
  if (media === 'yaml') {
    const { toYaml } = await import('#kube/yaml/yaml.ts');
    document.yaml ??= toYaml(document.body);
    return document.yaml;
  }
  const { encodeProtobuf } = await import('../http/protobuf.ts');
  document.protobuf ??= encodeProtobuf({ apiVersion: '', ...document.body });
  return document.protobuf;
}

async function answered(document: Document, media: Representation['media']): Promise<RawResponse> {
  const { etag } = document;
  return {
    code: 200,
    contentType: etag ? types[media] + aggregatedMark : types[media],
    body: await written(document, media),
    ...(etag ? { headers: { vary: 'Accept', etag, 'cache-control': 'public' } } : {}),
  };
}

export function createDiscovery(options: DiscoveryOptions): Discovery {
  const { definitions, onChange, services, serverAddress = '' } = options;
  let groups: readonly ServedGroup[] | undefined;
  const made = new Map<string, Document>();
  const forget = () => {
    groups = undefined;
    made.clear();
  };
  onChange(forget);
  services?.onChange(forget);

  const served = () => (groups ??= servedGroups(definitions(), services));

  const aggregated = (core: boolean): Document => {
    const body = aggregatedList(served().filter(({ group }) => (group === '') === core));
    return { body, etag: `"${sha512Text(JSON.stringify(body))}"` };
  };

  const plain = ([root, ...rest]: readonly string[]): JsonObject | undefined => {
    if (rest.length === 0) return root === 'api' ? coreVersions(served(), serverAddress) : groupList(served());
    const [name, version] = root === 'api' ? ['', rest[0]!] : rest;
    const group = served().find((candidate) => candidate.group === name);
    if (!group || (root === 'apis' && name === '') || rest.length > (root === 'api' ? 1 : 2)) return undefined;
    return version === undefined ? apiGroup(group) : resourceList(group, version);
  };

  const documentAt = (segments: readonly string[], isAggregated: boolean): Document | undefined => {
    const key = `${isAggregated ? 'aggregated ' : ''}${segments.join('/')}`;
    const known = made.get(key);
    if (known) return known;
    const body = isAggregated ? undefined : plain(segments);
    const fresh = isAggregated ? aggregated(segments[0] === 'api') : body && { body };
    // Only what exists is kept: paths that do not are without number.
    if (fresh) made.set(key, fresh);
    return fresh;
  };

  const answer: Discovery['answer'] = (pathname, accept) => {
    const segments = pathname.split('/').filter((segment) => segment !== '');
    if (segments[0] !== 'api' && segments[0] !== 'apis') return undefined;
    if (segments.length > 1 && !documentAt(segments, false)) return undefined;
    const { media, aggregated: isAggregated } = discoveryForm(accept, segments.length === 1);
    return answered(documentAt(segments, isAggregated)!, media);
  };

  const paths = () => [
    '/api',
    '/apis/',
    ...served().flatMap(({ group, versions }) =>
      group === ''
        ? versions.map(({ version }) => `/api/${version}`)
        : [`/apis/${group}`, ...versions.map(({ version }) => `/apis/${group}/${version}`)],
    ),
    '/apis',
  ];
  return { answer, paths };
}

/** ConversionReview out and in (apiextensions.k8s.io/v1 and v1beta1), and what a webhook may have changed. */
import { canonicalJson } from '#kube/fields/text.ts';
import type { JsonObject, JsonValue, KubeObject, ObjectMeta } from '#kube/meta/object.ts';
import { isFields } from '#kube/schema/copy.ts';
import { StatusError } from '#kube/status/status.ts';
import { validateObjectMeta } from '../../registry/write/validate-metadata.ts';

const kind = 'ConversionReview';
const known = ['v1', 'v1beta1'];

/** The first version of reviews both sides know. Throws where there is none. */
export function reviewVersion(versions: readonly string[]): string {
  const version = versions.find((each) => known.includes(each));
  if (version === undefined) throw new Error('no supported conversion review versions');
  return `apiextensions.k8s.io/${version}`;
}

export const reviewOf = (
  apiVersion: string,
  uid: string,
  desiredAPIVersion: string,
  objects: readonly KubeObject[],
): JsonObject => ({
  kind,
  apiVersion,
  request: { uid, desiredAPIVersion, objects: objects as unknown as JsonValue[] },
});

/** The objects of a review that came back. Throws with what is wrong with it, or what the webhook says went wrong. */
export function objectsIn(review: JsonObject, apiVersion: string, uid: string): readonly JsonValue[] {
  const isFirst = apiVersion.endsWith('/v1');
  requireKnown(review, apiVersion);
  if (isFirst && (review.apiVersion !== apiVersion || review.kind !== kind)) {
    const got = `${shown(review.apiVersion) || '/'}, Kind=${shown(review.kind)}`;
    throw new Error(`expected webhook response of ${apiVersion}, Kind=${kind}, got ${got}`);
  }
  const { response } = review;
  if (!isFields(response)) throw new Error('no response provided');
  const { uid: got = '', result, convertedObjects } = response;
  if (isFirst && got !== uid)
    throw new Error(`expected response.uid=${JSON.stringify(uid)}, got ${JSON.stringify(got)}`);
  const { status = '', message = '' } = isFields(result) ? result : {};
  if (status !== 'Success') {
    throw new Error(
      typeof message === 'string' && message !== ''
        ? message
        : `response.result.status was '${shown(status)}', not 'Success'`,
    );
  }
  return Array.isArray(convertedObjects) ? (convertedObjects as JsonValue[]) : [];
}

/** As the codec of kube-apiserver's scheme refuses what it does not know, or cannot read as the version asked for. */
function requireKnown({ apiVersion, kind: found }: JsonObject, asked: string): void {
  if (!apiVersion || !found) return;
  const [group, version = ''] = shown(apiVersion).split('/');
  if (group !== 'apiextensions.k8s.io' || !known.includes(version) || found !== kind) {
    const text = `no kind "${shown(found)}" is registered for version "${shown(apiVersion)}"`;
    throw new Error(`${text} in scheme "pkg/runtime/scheme.go:111"`);
  }
  if (apiVersion !== asked)
    throw new Error(`converting (${version}.${kind}) to (${asked.split('/')[1]}.${kind}): unknown conversion`);
}

const shown = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Where one of several is wrong, upstream says which. */
export interface Position {
  readonly index: number;
  readonly single: boolean;
}

/**
 * The converted object with the metadata of the original, but for labels and annotations. Throws what follows
 * `conversion webhook for … `.
 */
export function accepted(
  original: KubeObject,
  converted: JsonValue | undefined,
  apiVersion: string,
  { index, single }: Position,
): KubeObject {
  const invalid = single ? 'returned invalid object' : `returned invalid converted object at index ${index}`;
  if (!isFields(converted)) throw plain('unexpected end of JSON input');
  const { apiVersion: gotVersion = '', kind: gotKind = '' } = converted;
  if (gotKind === '') throw plain(`Object 'Kind' is missing in '${canonicalJson(converted)}'`);
  const misnamed = single ? `${invalid} at index 0` : invalid;
  if (gotVersion !== apiVersion)
    throw new Error(`${misnamed}: invalid groupVersion (expected ${apiVersion}, received ${shown(gotVersion)})`);
  if (gotKind !== original.kind)
    throw new Error(`${misnamed}: invalid kind (expected ${original.kind}, received ${shown(gotKind)})`);
  const metadata = isFields(converted.metadata) ? (converted.metadata as ObjectMeta) : {};
  for (const [field, name] of [
    ['name', 'name'],
    ['namespace', 'namespace'],
    ['uid', 'UID'],
  ] as const) {
    const [before, after] = [original.metadata[field] ?? '', metadata[field] ?? ''];
    if (before !== after) throw new Error(`${invalid}: must have the same ${name}: ${before} != ${after}`);
  }
  const unreadable = single ? 'returned invalid metadata' : `returned invalid metadata in object at index ${index}`;
  const wrong = converted.metadata === undefined ? 'missing metadata in converted object' : wrongTexts(metadata);
  if (wrong !== undefined) throw new Error(`${unreadable}: ${wrong}`);
  return { ...converted, metadata: restored(original.metadata, metadata) } as unknown as KubeObject;
}

const texts = ['labels', 'annotations'] as const;

/** What is wrong with labels and annotations, the only metadata a webhook may write. */
function wrongTexts(metadata: ObjectMeta): string | undefined {
  for (const name of texts) {
    const values: unknown = metadata[name];
    if (values === undefined || values === null) continue;
    if (!isFields(values)) return `invalid metadata.${name} of type ${goType(values)} in converted object`;
    for (const [key, value] of Object.entries(values)) {
      if (typeof value !== 'string')
        return `metadata.${name}[${key}] must be a string, but is ${goType(value)} in converted object`;
    }
  }
  const { labels, annotations } = metadata;
  const [first] = validateObjectMeta(
    { name: 'any', ...(labels ? { labels } : {}), ...(annotations ? { annotations } : {}) },
    { path: 'metadata', namespaced: false, validateName: () => [], anyFinalizer: true },
  );
  // kube-apiserver calls annotations so here.
  return first && `${first.field?.replace(/^metadata\.annotations/, 'metadata.annotation')}: ${first.message}`;
}

function goType(value: unknown): string {
  if (value === null) return '<nil>';
  if (Array.isArray(value)) return '[]interface {}';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64';
  return typeof value === 'boolean' ? 'bool' : typeof value === 'object' ? 'map[string]interface {}' : typeof value;
}

function restored(original: ObjectMeta, { labels, annotations }: ObjectMeta): ObjectMeta {
  const { labels: _, annotations: __, ...rest } = original;
  return { ...rest, ...(labels ? { labels } : {}), ...(annotations ? { annotations } : {}) };
}

/** kube-apiserver's storage says it, so that it reaches the client as a plain 500. */
export const plain = (message: string) =>
  new StatusError({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, code: 500 });

/** Client-side apply: three-way merge of what was applied last, what is wanted, and what is live. */
import type { WriteOptions } from '#client/api-client.ts';
import { printValue } from '#kube/jsonpath/print.ts';
import { apiVersionOf, gvkOf } from '#kube/meta/kind.ts';
import type { JsonObject, KubeObject } from '#kube/meta/object.ts';
import { createThreeWayMergePatch } from '#kube/patch/merge.ts';
import { isReason, StatusError } from '#kube/status/status.ts';
import type { Session } from '../connection/session.ts';
import { CommandError, SourceError } from '../failure.ts';
import type { Placed } from '../targets/place.ts';
import { naming } from '../targets/write.ts';
import { lastAppliedOf, withLastApplied } from './last-applied.ts';

export interface Applied {
  readonly object: KubeObject;
  readonly done: 'created' | 'configured' | 'unchanged' | 'serverside-applied';
}

export interface ClientSideOptions extends WriteOptions {
  /** Nothing is sent; what would be is answered. */
  readonly pretend: boolean;
  readonly onNote: (text: string) => void;
}

/** As kubectl: somebody else may write in between, and the merge is made anew. */
const mostTries = 5;

export async function applyClientSide(session: Session, placed: Placed, options: ClientSideOptions): Promise<Applied> {
  const { resource, name, source } = placed;
  const { pretend, onNote, ...write } = options;
  if (name === '')
    throw new CommandError(
      `error in ${JSON.stringify(source)}: from ${placed.object.metadata.generateName}: cannot use generate name with apply`,
    );
  const api = session.client.resource<KubeObject>(resource);
  const wanted = withLastApplied(placed.object);
  const key = { ...(wanted.metadata.namespace ? { namespace: wanted.metadata.namespace } : {}), name };
  for (let tries = 1; ; tries++) {
    const live = await naming('retrieving current configuration of', source, () => ifThere(api.get(key)));
    if (!live) {
      if (pretend) return { object: wanted, done: 'created' };
      return { object: await naming('creating', source, () => api.create(wanted, write)), done: 'created' };
    }
    const previous = lastAppliedOf(live);
    if (previous === undefined && tries === 1) onNote(missingAnnotation(`${resource.resource}/${name}`));
    if (pretend) return { object: wanted, done: 'configured' };
    const { type, patch } = await patchBetween(previous, wanted, live);
    if (Object.keys(patch).length === 0) return { object: live, done: 'unchanged' };
    try {
      return { object: await api.patch(key, type, patch, write), done: 'configured' };
    } catch (error) {
      if (isReason(error, 'Conflict') && tries < mostTries) continue;
      throw error instanceof StatusError ? new SourceError(patchContext(placed, patch), error) : error;
    }
  }
}

async function ifThere(object: Promise<KubeObject>): Promise<KubeObject | undefined> {
  try {
    return await object;
  } catch (error) {
    if (isReason(error, 'NotFound')) return undefined;
    throw error;
  }
}

const missingAnnotation = (object: string) =>
  `Warning: resource ${object} is missing the kubectl.kubernetes.io/last-applied-configuration annotation which is required by kubectl apply. kubectl apply should only be used on resources created declaratively by either kubectl create --save-config or kubectl apply. The missing annotation will be patched automatically.\n`;

/** Strategic where the kind is built in and its lists have keys, merge elsewhere. */
async function patchBetween(
  previous: JsonObject | undefined,
  wanted: KubeObject,
  live: KubeObject,
): Promise<{ readonly type: 'strategic' | 'merge'; readonly patch: JsonObject }> {
  const { group, version, kind } = gvkOf(wanted);
  // Schemas of the built-in kinds are a large table: loaded only where something is there to be merged with.
  const { builtinKind } = await import('#apis/kubernetes/kinds.ts');
  const definition = builtinKind(group, version, kind);
  if (!definition) return { type: 'merge', patch: createThreeWayMergePatch(previous, wanted, live) };
  const { createThreeWayStrategicPatch } = await import('#kube/patch/strategic.ts');
  return { type: 'strategic', patch: createThreeWayStrategicPatch(previous, wanted, live, definition.schema) };
}

const patchContext = ({ object, source, resource, name }: Placed, patch: JsonObject): string => {
  const version = apiVersionOf(resource);
  return [
    'error when applying patch:',
    printValue(patch),
    'to:',
    `Resource: "${version}, Resource=${resource.resource}", GroupVersionKind: "${version}, Kind=${resource.kind}"`,
    `Name: "${name}", Namespace: "${object.metadata.namespace ?? ''}"`,
    `for: ${JSON.stringify(source)}: error when patching ${JSON.stringify(source)}`,
  ].join('\n');
};

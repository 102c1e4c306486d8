/** Live objects a command is about: by name, by selector, or those of a manifest. */
import type { DiscoveredResource } from '#client/mapper/mapper.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { isReason } from '#kube/status/status.ts';
import type { Call } from '../command.ts';
import type { Session } from '../connection/session.ts';
import { CommandError, SourceError } from '../failure.ts';
import { readAllManifests } from './manifests.ts';
import { place } from './place.ts';
import { namespaceIn, type Target, targetsOf } from './words.ts';

export interface Found {
  readonly resource: DiscoveredResource;
  readonly object: KubeObject;
}

export interface Selection {
  readonly found: readonly Found[];
  /** What could not be had, in order; the rest was found all the same. */
  readonly failures: readonly unknown[];
  /** One object was asked for by name: it is shown as itself, not as a list. */
  readonly single: boolean;
}

/** What the words, `--filename`, `--selector`, `--field-selector` and `--all-namespaces` ask for. */
export async function selectObjects(call: Call, session: Session): Promise<Selection> {
  const wanted = await wantedNames(call, session);
  const found: Found[] = [];
  const failures: unknown[] = [];
  for (const { resource, names, namespace } of wanted) {
    const api = session.client.resource<KubeObject>(resource);
    const within = namespaceIn(resource, namespace);
    try {
      if (names.length === 0) {
        const { items } = await listing(call, resource, () => api.list({ ...within, ...selectorsOf(call) }));
        found.push(...items.map((object) => ({ resource, object })));
      }
    } catch (error) {
      failures.push(error);
    }
    for (const name of names) {
      try {
        found.push({ resource, object: await api.get({ ...within, name }) });
      } catch (error) {
        if (!(isReason(error, 'NotFound') && ignoresMissing(call))) failures.push(error);
      }
    }
  }
  const [only] = wanted;
  return { found, failures, single: wanted.length === 1 && only!.names.length === 1 };
}

const ignoresMissing = ({ flags }: Call) => flags.on('ignore-not-found');

interface Wanted extends Target {
  /** '' for all namespaces. */
  readonly namespace: string;
  /** The file it is named in. */
  readonly source?: string;
}

/** The words' targets, or the places of the manifests' objects. */
export async function wantedNames(call: Call, session: Session): Promise<readonly Wanted[]> {
  const { around, flags, words } = call;
  const namespace = flags.on('all-namespaces') ? '' : session.namespace;
  if (flags.texts('filename').length === 0) {
    const targets = await targetsOf(session.mapper, words);
    if (namespace === '' && targets.some(({ names }) => names.length > 0))
      throw new CommandError('a resource cannot be retrieved by name across all namespaces');
    return targets.map((target) => ({ ...target, namespace }));
  }
  const manifests = await readAllManifests(around, flags);
  const placed = await Promise.all(manifests.map((manifest) => place(session, manifest)));
  return placed.map(({ resource, name, object, source }) => ({
    resource,
    names: [name],
    source,
    namespace: object.metadata.namespace ?? '',
  }));
}

/** Runs a list request; a selector that the server refuses is named. */
export async function listing<T>({ flags }: Call, resource: DiscoveredResource, list: () => Promise<T>): Promise<T> {
  try {
    return await list();
  } catch (error) {
    const [labels, fields] = [flags.text('selector'), flags.text('field-selector')];
    if (!isReason(error, 'BadRequest') || (labels === '' && fields === '')) throw error;
    const { group, version, resource: plural } = resource;
    throw new SourceError(
      `Unable to find "${group}/${version}, Resource=${plural}" that match label selector "${labels}", field selector "${fields}"`,
      error,
    );
  }
}

export const selectorsOf = ({ flags }: Call) => ({
  ...(flags.text('selector') === '' ? {} : { labelSelector: flags.text('selector') }),
  ...(flags.text('field-selector') === '' ? {} : { fieldSelector: flags.text('field-selector') }),
});

/** Live objects a command is about: by name, by selector, or those of a manifest. */
import type { DiscoveredResource } from '#client/mapper/mapper.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { isReason } from '#kube/status/status.ts';
import type { Call } from '../command.ts';
import type { Looked } from '../connection/session.ts';
import { CommandError, SourceError } from '../failure.ts';
import { readManifests } from './manifests.ts';
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
export async function selectObjects(call: Call, session: Looked): Promise<Selection> {
  const { wanted, failures: unread } = await wantedNames(call, session);
  const found: Found[] = [];
  const failures: unknown[] = [...unread];
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

export interface WantedNames {
  readonly wanted: readonly Wanted[];
  /** Of files that cannot be read, and objects that belong nowhere. */
  readonly failures: readonly unknown[];
}

/** The words' targets, or the places of the manifests' objects. */
export async function wantedNames(call: Call, session: Looked): Promise<WantedNames> {
  const { flags, words } = call;
  if (flags.texts('filename').length > 0) return wantedByFile(call, session);
  const namespace = flags.on('all-namespaces') ? '' : session.namespace;
  const targets = await targetsOf(session.mapper, words);
  if (namespace === '' && targets.some(({ names }) => names.length > 0))
    throw new CommandError('a resource cannot be retrieved by name across all namespaces');
  return { wanted: targets.map((target) => ({ ...target, namespace })), failures: [] };
}

/** Objects named in files, those that can be read. */
export async function wantedByFile({ around, flags }: Call, session: Looked): Promise<WantedNames> {
  const { manifests, failures } = await readManifests(around, flags);
  const wanted: Wanted[] = [];
  const all = [...failures];
  for (const manifest of manifests) {
    try {
      const { resource, name, object, source } = await place(session, manifest);
      wanted.push({ resource, names: [name], source, namespace: object.metadata.namespace ?? '' });
    } catch (error) {
      all.push(error);
    }
  }
  return { wanted, failures: all };
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

/** `patch`: fields of one resource, by strategic merge, merge, or JSON patch. */
import type { JsonValue, KubeObject } from '#kube/meta/object.ts';
import { deepEqual } from '#kube/meta/equal.ts';
import { parseYaml } from '#kube/yaml/yaml.ts';
import type { Call } from '../command.ts';
import { openSession, type Session } from '../connection/session.ts';
import { CommandError, throwAll } from '../failure.ts';
import { dryRunOf, writtenPrinter } from '../output/written.ts';
import { readAllManifests } from '../targets/manifests.ts';
import { place } from '../targets/place.ts';
import { namespaceIn, nothingNamed, type Target, targetsOf } from '../targets/words.ts';
import { writeOptions } from '../targets/write.ts';

const types = ['strategic', 'merge', 'json'] as const;

export async function run(call: Call): Promise<number> {
  const { flags } = call;
  const dryRun = dryRunOf(call);
  const type = types.find((each) => each === flags.text('type'));
  if (!type) throw new CommandError(`--type must be one of [json merge strategic], not "${flags.text('type')}"`);
  const patch = await readPatch(call);
  const say = writtenPrinter(call, dryRun);
  const session = await openSession(call);
  const subresource = flags.text('subresource');
  const options = {
    ...writeOptions(call, flags.text('field-manager'), dryRun),
    ...(subresource === '' ? {} : { subresource }),
  };
  const failures: unknown[] = [];
  for (const { resource, names, namespace } of await wanted(call, session)) {
    const api = session.client.resource<KubeObject>(resource);
    for (const name of names) {
      const key = { ...namespaceIn(resource, namespace), name };
      try {
        const before = await api.get(key, subresource === '' ? {} : { subresource });
        const after = dryRun === 'client' ? before : await api.patch(key, type, patch, options);
        say(resource, after, dryRun !== 'client' && isSame(before, after) ? 'patched (no change)' : 'patched');
      } catch (error) {
        failures.push(error);
      }
    }
  }
  throwAll(failures);
  return 0;
}

const isSame = (before: KubeObject, after: KubeObject): boolean =>
  before.metadata.resourceVersion === after.metadata.resourceVersion || deepEqual(before, after);

async function wanted(call: Call, session: Session): Promise<readonly (Target & { readonly namespace: string })[]> {
  const { around, flags, words } = call;
  if (flags.texts('filename').length > 0) {
    const manifests = await readAllManifests(around, flags);
    const placed = await Promise.all(manifests.map((manifest) => place(session, manifest)));
    return placed.map(({ resource, name, object }) => ({
      resource,
      names: [name],
      namespace: object.metadata.namespace ?? '',
    }));
  }
  if (words.length === 0) throw new CommandError(nothingNamed);
  const targets = await targetsOf(session.mapper, words);
  if (targets.some(({ names }) => names.length === 0))
    throw new CommandError('resource(s) were provided, but no name was specified');
  return targets.map((target) => ({ ...target, namespace: session.namespace }));
}

async function readPatch({ around, flags }: Call): Promise<JsonValue> {
  const file = flags.text('patch-file');
  if ((flags.text('patch') === '') === (file === ''))
    throw new CommandError('must specify -p to patch, or --patch-file, and not both');
  const text = file === '' ? flags.text('patch') : await around.disk.readText(file);
  if (text === undefined) throw new CommandError(`unable to read patch file: open ${file}: no such file or directory`);
  try {
    return parseYaml(text);
  } catch (error) {
    throw new CommandError(`unable to parse "${text}": ${(error as Error).message}`);
  }
}

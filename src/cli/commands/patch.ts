/** `patch`: fields of one resource, by strategic merge, merge, or JSON patch. */

import { deepEqual } from '#kube/meta/equal.ts';
import type { JsonValue, KubeObject } from '#kube/meta/object.ts';
import { parseYaml } from '#kube/yaml/yaml.ts';
import type { Call } from '../command.ts';
import { openSession, type Session } from '../connection/session.ts';
import { CommandError, throwAll } from '../failure.ts';
import { dryRunOf, writtenPrinter } from '../output/written.ts';
import { type WantedNames, wantedByFile } from '../targets/select.ts';
import { namespaceIn, nothingNamed, targetsOf } from '../targets/words.ts';
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
  const { wanted, failures: unread } = await namedObjects(call, session);
  const failures: unknown[] = [...unread];
  for (const { resource, names, namespace } of wanted) {
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

async function namedObjects(call: Call, session: Session): Promise<WantedNames> {
  const { flags, words } = call;
  if (flags.texts('filename').length > 0) return wantedByFile(call, session);
  if (words.length === 0) throw new CommandError(nothingNamed);
  const targets = await targetsOf(session.mapper, words);
  if (targets.some(({ names }) => names.length === 0))
    throw new CommandError('resource(s) were provided, but no name was specified');
  return { wanted: targets.map((target) => ({ ...target, namespace: session.namespace })), failures: [] };
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

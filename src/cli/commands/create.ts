/** `create -f`, and `create namespace NAME`. */
import type { KubeObject } from '#kube/meta/object.ts';
import { withLastAppliedIf } from '../apply/last-applied.ts';
import type { Call } from '../command.ts';
import { openSession } from '../connection/session.ts';
import { CommandError } from '../failure.ts';
import { dryRunOf, writtenPrinter } from '../output/written.ts';
import type { Manifest } from '../targets/manifests.ts';
import { place } from '../targets/place.ts';
import { fieldValidationOf, forEachManifest, naming, writeOptions } from '../targets/write.ts';

const namespaceWords = new Set(['namespace', 'ns']);

export async function run(call: Call): Promise<number> {
  const { flags, words } = call;
  const dryRun = dryRunOf(call);
  const say = writtenPrinter(call, dryRun);
  const options = {
    ...writeOptions(call, flags.text('field-manager'), dryRun),
    fieldValidation: fieldValidationOf(call),
  };
  const session = await openSession(call);
  const createOne = async (manifest: Manifest) => {
    const placed = await place(session, manifest);
    const object = withLastAppliedIf(flags.on('save-config'), placed.object);
    const api = session.client.resource<KubeObject>(placed.resource);
    const created =
      dryRun === 'client' ? object : await naming('creating', manifest.source, () => api.create(object, options));
    say(placed.resource, created, 'created');
  };
  if (words.length === 0) await forEachManifest(call, 'create', createOne);
  else await createOne({ object: namespaceOf(words), source: 'arguments' });
  return 0;
}

function namespaceOf(words: readonly string[]): KubeObject {
  const [type = '', name, ...more] = words;
  if (!namespaceWords.has(type))
    throw new CommandError(`create makes what -f names, or a namespace by name; not "${words.join(' ')}"`);
  if (name === undefined || more.length > 0)
    throw new CommandError(`exactly one NAME is required, got ${words.length - 1}`);
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
}

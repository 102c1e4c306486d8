/** `replace -f`: the whole object, as the file has it. */
import type { KubeObject } from '#kube/meta/object.ts';
import { withLastAppliedIf } from '../apply/last-applied.ts';
import type { Call } from '../command.ts';
import { openSession } from '../connection/session.ts';
import { dryRunOf, writtenPrinter } from '../output/written.ts';
import { place } from '../targets/place.ts';
import { fieldValidationOf, forEachManifest, naming, writeOptions } from '../targets/write.ts';

export async function run(call: Call): Promise<number> {
  const dryRun = dryRunOf(call);
  const say = writtenPrinter(call, dryRun);
  const options = {
    ...writeOptions(call, call.flags.text('field-manager'), dryRun),
    fieldValidation: fieldValidationOf(call),
  };
  const session = await openSession(call);
  await forEachManifest(call, 'replace', async (manifest) => {
    const placed = await place(session, manifest);
    const { resource } = placed;
    const object = withLastAppliedIf(call.flags.on('save-config'), placed.object);
    const api = session.client.resource<KubeObject>(resource);
    const replaced =
      dryRun === 'client' ? object : await naming('replacing', manifest.source, () => api.update(object, options));
    say(resource, replaced, 'replaced');
  });
  return 0;
}

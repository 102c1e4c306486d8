/** `replace -f`: the whole object, as the file has it. */
import type { KubeObject } from '#kube/meta/object.ts';
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
  await forEachManifest(call, async (manifest) => {
    const { object, resource } = await place(session, manifest);
    const api = session.client.resource<KubeObject>(resource);
    const replaced =
      dryRun === 'client' ? object : await naming('replacing', manifest.source, () => api.update(object, options));
    say(resource, replaced, 'replaced');
  });
  return 0;
}

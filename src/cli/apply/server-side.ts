/** Server-side apply: the server merges, field by field. */
import type { ApplyOptions } from '#client/api-client.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { isReason, type StatusError } from '#kube/status/status.ts';
import type { Session } from '../connection/session.ts';
import { CommandError } from '../failure.ts';
import type { Placed } from '../targets/place.ts';
import { naming } from '../targets/write.ts';
import type { Applied } from './client-side.ts';
import { serverSideManager, upgradeFromClientSide } from './upgrade.ts';

export async function applyServerSide(session: Session, placed: Placed, options: ApplyOptions): Promise<Applied> {
  const { object, resource, source, name } = placed;
  if (name === '') throw new CommandError(`error in ${JSON.stringify(source)}: server-side apply needs metadata.name`);
  const api = session.client.resource<KubeObject>(resource);
  try {
    const applied = await api.apply(object, options);
    // Who applies under a name of their own has never applied by client side under it.
    const upgrades = options.fieldManager === serverSideManager && !options.dryRun;
    const upgraded = upgrades ? await upgradeFromClientSide(api, applied, options) : applied;
    const final = upgraded === applied ? applied : await api.apply(object, options);
    return { object: final, done: 'serverside-applied' };
  } catch (error) {
    if (isReason(error, 'Conflict') && error.status.details?.causes?.some(isManagerConflict))
      throw new CommandError(conflictText(error));
    return naming('applying', source, () => Promise.reject(error));
  }
}

const isManagerConflict = ({ reason }: { readonly reason?: string }) => reason === 'FieldManagerConflict';

/** kubectl's advice, word by word: people search for it. */
const conflictText = ({ message }: StatusError): string => `${message}
Please review the fields above--they currently have other managers. Here
are the ways you can resolve this warning:
* If you intend to manage all of these fields, please re-run the apply
  command with the \`--force-conflicts\` flag.
* If you do not intend to manage all of the fields, please edit your
  manifest to remove references to the fields that should keep their
  current managers.
* You may co-own fields by updating your manifest to match the existing
  value; in this case, you'll become the manager if the other manager(s)
  stop managing the field (remove it from their configuration).
See https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts`;

/** Takes a plan back in the sandbox: templates go, last wave first, and the flow lets go of what they had taken over. */
import { type Binding, bindingKinds } from '#apis/work/binding.ts';
import type { TypedResource } from '#client/api-client.ts';
import { listAll } from '#client/list-all.ts';
import { gvkOf } from '#kube/meta/kind.ts';
import { isReason } from '#kube/status/status.ts';
import { eachLimited } from '#runtime/each.ts';
import { identityOfPlanned } from '../apply/live.ts';
import { isAdopted, type PlannedObject } from '../model.ts';
import { identityOf } from '../plan/missing.ts';
import { holdsWithin } from './await.ts';
import type { Ground } from './ground.ts';

const atATime = 16;
/** Of simulated time, for a wave to be let go. */
const waveWithinMs = 300_000;

/** Answers the objects whose bindings have not ended. */
export async function takeBack(ground: Ground): Promise<readonly PlannedObject[]> {
  const { sandbox, content } = ground;
  const objects = content.plan.objects.filter(isAdopted);
  const held: PlannedObject[] = [];
  for (const { number } of [...content.plan.waves].reverse()) {
    const due = objects.filter(({ wave }) => wave === number);
    await sandbox.drive(eachLimited(due, atATime, (object) => remove(ground, object)));
    let left: readonly PlannedObject[] = due;
    await holdsWithin(sandbox, waveWithinMs, async () => {
      const bound = await boundIn(ground);
      left = due.filter((object) => bound.has(identityOfPlanned(object)));
      return left.length === 0;
    });
    held.push(...left);
  }
  const policies = [...content.policies.values()].flat();
  await sandbox.drive(
    eachLimited(policies, atATime, ({ apiVersion, kind, metadata }) =>
      remove(ground, {
        apiVersion,
        kind,
        name: metadata.name!,
        ...(metadata.namespace ? { namespace: metadata.namespace } : {}),
      }),
    ),
  );
  return held;
}

type Named = Pick<PlannedObject, 'apiVersion' | 'kind' | 'namespace' | 'name'>;

async function remove({ control }: Ground, object: Named): Promise<void> {
  const { namespace, name } = object;
  try {
    const resource = await control.mapper.find(gvkOf(object));
    if (resource) await control.client.resource(resource).delete({ ...(namespace ? { namespace } : {}), name });
  } catch (error) {
    if (!isReason(error, 'NotFound')) throw error;
  }
}

/** Templates that have a binding, by identity. */
async function boundIn({ control }: Ground): Promise<ReadonlySet<string>> {
  const lists = await Promise.all(bindingKinds.map((kind) => listAll(control.client, kind as TypedResource<Binding>)));
  return new Set(
    lists
      .flat()
      .map(({ spec: { resource } }) =>
        identityOf(resource.apiVersion, resource.kind, resource.namespace, resource.name),
      ),
  );
}

/**
 * Templates are taken out of the control plane, so that their bindings and Works end and the members' objects are let
 * go. A namespace or a definition in which others live stays: only its binding ends.
 */
import { claimOf } from '#apis/policy/claim.ts';
import { type Binding, bindingKindFor } from '#apis/work/binding.ts';
import type { TypedResource } from '#client/api-client.ts';
import { nameOf } from '#client/cached.ts';
import { gvkOf } from '#kube/meta/kind.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import { isReason } from '#kube/status/status.ts';
import { eachLimited } from '#runtime/each.ts';
import { sleep } from '#world/clock/clock.ts';
import { residentOf } from './inhabited.ts';
import { orNone } from './look.ts';
import type { RollbackOptions } from './options.ts';
import { shrinkPolicies } from './policies.ts';
import { isHome, isOwn, type Seen } from './seen.ts';

const writtenAtATime = 16;
const lookEveryMs = 50;

/** Answers what stays in the control plane, and who lives in it. */
export async function takeAway(options: RollbackOptions, seen: readonly Seen[]): Promise<ReadonlyMap<Seen, string>> {
  const { control, plan, mayWrite } = options;
  const staying = new Map<Seen, string>();
  await eachLimited(seen, writtenAtATime, async (each) => {
    if (!isOwn(each.template, plan.metadata.name)) return;
    const resident = isHome(each.object) ? await residentOf(control, each.template!) : undefined;
    if (resident !== undefined) staying.set(each, resident);
    else await deleteTemplate(options, each.template!);
  });
  const left = [...staying.keys()];
  // Named no more it is let go of by its policy; only then may its binding end, or it would get another one.
  await shrinkPolicies(
    control.client,
    plan.metadata.name,
    left.map(({ object }) => object),
    mayWrite,
  );
  await eachLimited(left, writtenAtATime, (each) => endBinding(options, each));
  return staying;
}

async function deleteTemplate({ control, mayWrite }: RollbackOptions, template: UnstructuredObject): Promise<void> {
  const resource = control.client.resource(await control.mapper.forKind(gvkOf(template)));
  const { uid } = template.metadata;
  mayWrite();
  try {
    await resource.delete(nameOf(template), {
      propagationPolicy: 'Background',
      ...(uid ? { preconditions: { uid } } : {}),
    });
  } catch (error) {
    if (!isReason(error, 'NotFound') && !isReason(error, 'Conflict')) throw error;
  }
}

async function endBinding(options: RollbackOptions, { template, binding }: Seen): Promise<void> {
  const { control, clock, timeoutMs, mayWrite } = options;
  if (!binding) return;
  const templates = control.client.resource(await control.mapper.forKind(gvkOf(template!)));
  const held = claimOf(binding)?.id;
  const end = clock.monotonic() + timeoutMs;
  for (;;) {
    const live = await orNone(templates, nameOf(template!));
    const claim = live && claimOf(live);
    if (!claim) break;
    // Another policy has it now: that is no business of this plan.
    if (held !== undefined && claim.id !== held) return;
    if (clock.monotonic() >= end) return;
    await sleep(clock, lookEveryMs);
  }
  const { namespace, name, uid } = binding.metadata;
  const bindings = control.client.resource(bindingKindFor(namespace) as TypedResource<Binding>);
  mayWrite();
  try {
    await bindings.delete({ ...(namespace ? { namespace } : {}), name: name! }, uid ? { preconditions: { uid } } : {});
  } catch (error) {
    if (!isReason(error, 'NotFound') && !isReason(error, 'Conflict')) throw error;
  }
}

/** Templates and policies are written to the control plane: server-side apply under a field manager of our own. */

import { Namespaces } from '#apis/kubernetes/types.ts';
import type { Policy } from '#apis/policy/matching.ts';
import type { ObjectName } from '#client/api-client.ts';
import { canonicalJson } from '#kube/fields/text.ts';
import { gvkOf } from '#kube/meta/kind.ts';
import type { JsonValue, UnstructuredObject } from '#kube/meta/object.ts';
import { isReason, StatusError, type StatusReason } from '#kube/status/status.ts';
import { type Clock, sleep } from '#world/clock/clock.ts';
import { planLabel } from '../policies.ts';
import type { Source } from '../reading/inventory.ts';
import { fieldManager } from '../record/store.ts';

export interface Writer {
  readonly control: Source;
  readonly plan: string;
  readonly clock: Clock;
}

/** A server that is busy or restarts is asked again after so long; a definition was just made, and is served soon. */
const pausesMs = [100, 200, 500, 1_000, 2_000, 5_000];
const passing: readonly StatusReason[] = ['ServiceUnavailable', 'Timeout', 'TooManyRequests'];

async function patiently<T>(clock: Clock, isPassing: (error: unknown) => boolean, write: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await write();
    } catch (error) {
      const pauseMs = pausesMs[attempt];
      if (pauseMs === undefined || !isPassing(error)) throw error;
      await sleep(clock, pauseMs);
    }
  }
}

/** It may answer otherwise in a while. */
export const isBusy = (error: unknown): boolean => passing.some((reason) => isReason(error, reason));
const isUnknownKind = (error: unknown): boolean =>
  isReason(error, 'NotFound') && error.message.startsWith('no matches for kind');

/** Answers the template's uid. Fields that somebody else has set otherwise are a Conflict: nothing is forced. */
export async function writeTemplate({ control, plan, clock }: Writer, template: UnstructuredObject): Promise<string> {
  const { labels } = template.metadata;
  const marked = { ...template, metadata: { ...template.metadata, labels: { ...labels, [planLabel]: plan } } };
  const apply = async () => {
    const resource = await control.mapper.forKind(gvkOf(template));
    return control.client.resource(resource).apply(marked, { fieldManager });
  };
  const written = await patiently(clock, (error) => isBusy(error) || isUnknownKind(error), apply);
  return written.metadata.uid!;
}

type Selector = NonNullable<Policy['spec']['resourceSelectors']>[number];

/**
 * A wave's policy grows as its objects are written: it has those of the folder's selectors that `isDue` allows, and
 * what it had before. It never shrinks: whoever is taken over stays so until it is rolled back.
 */
export async function growPolicy(
  { control, plan, clock }: Writer,
  policy: Policy,
  isDue: (selector: Selector) => boolean,
): Promise<void> {
  await patiently(clock, isBusy, async () => {
    const policies = control.client.resource(await control.mapper.forKind(gvkOf(policy)));
    const there = (await orNone(policies.get(policy.metadata as ObjectName))) as Policy | undefined;
    if (there && there.metadata.labels?.[planLabel] !== plan) {
      throw new Error(
        `${policy.kind} ${policy.metadata.name} is there already, and not this plan's; rename one of the two`,
      );
    }
    const had = there?.spec.resourceSelectors ?? [];
    const known = new Set(had.map(selectorKey));
    const added = policy.spec.resourceSelectors.filter((each) => isDue(each) && !known.has(selectorKey(each)));
    if (had.length + added.length === 0) return;
    const { labels } = policy.metadata;
    const grown = {
      ...policy,
      metadata: { ...policy.metadata, labels: { ...labels, [planLabel]: plan } },
      spec: { ...policy.spec, resourceSelectors: [...had, ...added] },
    };
    try {
      await policies.apply(grown, { fieldManager });
    } catch (error) {
      if (!isOwnConflict(error)) throw error;
      await policies.apply(grown, { fieldManager, force: true });
    }
  });
}

/** With what a rollback has written, which takes selectors away by updates; what people have set is not forced. */
const isOwnConflict = (error: unknown): boolean => {
  if (!(error instanceof StatusError) || !isReason(error, 'Conflict')) return false;
  const causes = error.status.details?.causes ?? [];
  return causes.length > 0 && causes.every(({ message }) => message?.startsWith(`conflict with "${fieldManager}"`));
};

const selectorKey = (selector: Selector): string => canonicalJson(selector as JsonValue);

async function orNone<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (isReason(error, 'NotFound')) return undefined;
    throw error;
  }
}

/** A plan by labels may have objects without their namespaces: those are made where they are missing. */
export async function ensureNamespace({ control, plan, clock }: Writer, name: string): Promise<void> {
  const namespaces = control.client.resource(Namespaces);
  await patiently(clock, isBusy, async () => {
    if (await orNone(namespaces.get({ name }))) return;
    const metadata = { name, labels: { [planLabel]: plan } };
    await namespaces.apply({ apiVersion: 'v1', kind: 'Namespace', metadata }, { fieldManager });
  });
}

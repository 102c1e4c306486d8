/**
 * Keeps the stored configuration as kube-apiserver keeps it: what every server is born with is created and put back,
 * what an earlier version was born with goes, and every FlowSchema says whether its level exists.
 */
import type { KubeObject } from '#kube/meta/object.ts';
import { timestamp } from '#world/clock/clock.ts';
import type { Registry } from '../registry/context.ts';
import { applyIntent } from '../registry/write/apply.ts';
import { statusDoor } from '../subresource/status.ts';
import { consumer } from './born.ts';
import { danglingCondition } from './dangling.ts';
import { ensureFlowControl, flowControlKind, ownScope } from './ensure.ts';
import { type FlowSchema, flowControlResources } from './objects.ts';

export interface Upkeep {
  /** Before the server is used. */
  readonly start: () => Promise<void>;
  readonly stop: () => void;
}

/** What is missing or changed is put back a minute later, as kube-apiserver looks once a minute. */
const putBackMs = 60_000;

async function tellDangling(registry: Registry): Promise<void> {
  const { storage, world } = registry;
  const served = flowControlKind(registry, 'FlowSchema');
  if (!served) return;
  for (const object of storage.list(flowControlResources.schemas, undefined).items) {
    const flowSchema = object as FlowSchema;
    const { name = '' } = flowSchema.metadata;
    const level = flowSchema.spec.priorityLevelConfiguration.name;
    const exists = storage.find(flowControlResources.levels, '', level) !== undefined;
    const condition = danglingCondition(flowSchema, exists, timestamp(world.clock.now()));
    if (!condition) continue;
    const config = {
      apiVersion: served.apiVersion,
      kind: served.definition.kind,
      metadata: { name },
      status: { conditions: [condition] },
    } as KubeObject;
    await applyIntent(registry, ownScope(served, name, consumer), statusDoor, config);
  }
}

/** `changed` is called within the write of every object that says who shares with whom. */
export function flowUpkeep(registry: Registry, changed: () => void): Upkeep {
  const { storage, world } = registry;
  const { clock } = world;
  let stopped = false;
  let telling = false;
  let puttingBack = false;

  const tellSoon = () => {
    if (telling) return;
    telling = true;
    clock.soon(() => {
      telling = false;
      // Where the disk is behind, or one was deleted meanwhile, they are looked at again.
      if (!stopped) tellDangling(registry).catch(putBackLater);
    });
  };

  const putBackLater = () => {
    if (puttingBack) return;
    puttingBack = true;
    clock.after(putBackMs, () => {
      puttingBack = false;
      if (!stopped) ensureFlowControl(registry).then(tellSoon, putBackLater);
    });
  };

  const onCommit = () => {
    changed();
    tellSoon();
    putBackLater();
  };

  return {
    start: async () => {
      await ensureFlowControl(registry);
      for (const resource of Object.values(flowControlResources)) storage.onCommit(resource, onCommit);
      changed();
      tellSoon();
    },
    stop: () => {
      stopped = true;
    },
  };
}

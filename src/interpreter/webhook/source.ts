/** Webhooks as a source of meaning: each operation of a kind is asked of the first webhook whose rules speak of it. */
import type { InterpreterRequest, InterpreterResponse } from '#apis/config/context.ts';
import { interpreterOperations, type OperationName } from '#apis/config/operations.ts';
import {
  type InterpreterWebhook,
  type ResourceInterpreterWebhookConfiguration,
  ResourceInterpreterWebhookConfigurationKind,
} from '#apis/config/webhook-configuration.ts';
import type { InformerFactory } from '#client/informer/informer.ts';
import { deepEqual } from '#kube/meta/equal.ts';
import { gvkOf, parseApiVersion } from '#kube/meta/kind.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import {
  aggregatedIn,
  componentsIn,
  dependenciesIn,
  healthIn,
  objectIn,
  replicasIn,
  statusIn,
  type Told,
} from '../answers.ts';
import type { Affects } from '../changes.ts';
import type { InterpreterSource, KindInterpreter } from '../interpreter.ts';
import { type Breaker, breaker } from './breaker.ts';
import { callHook, type HookWorld, hookFailed } from './call.ts';
import { type Hook, hookFor, hooksOf, speaksOf } from './hooks.ts';
import { patchedBy } from './response.ts';

type Call = keyof KindInterpreter;
type Beside = Pick<InterpreterRequest, 'observedObject' | 'replicas' | 'aggregatedStatus'>;

/** Asks of an object, with what the operation needs beside it, and reads the answer. */
type Ask = <T>(object: UnstructuredObject, beside: Beside, read: (response: InterpreterResponse) => T) => Promise<T>;

const told = (object: UnstructuredObject) => object as unknown as Told;

const readings: { readonly [C in Call]-?: (ask: Ask) => NonNullable<KindInterpreter[C]> } = {
  getReplicas: (ask) => (template) =>
    ask(template, {}, ({ replicas, replicaRequirements }) => replicasIn(replicas, replicaRequirements)),
  // Go leaves an empty list out.
  getComponents: (ask) => (template) => ask(template, {}, ({ components }) => componentsIn(components ?? [])),
  reviseReplica: (ask) => (manifest, replicas) =>
    ask(manifest, { replicas }, (response) => objectIn(manifest, told(patchedBy(response, manifest)))),
  retain: (ask) => (desired, observed) =>
    ask(desired, { observedObject: observed }, (response) => objectIn(desired, told(patchedBy(response, desired)))),
  reflectStatus: (ask) => (observed) => ask(observed, {}, ({ rawStatus }) => statusIn(rawStatus)),
  interpretHealth: (ask) => (observed) => ask(observed, {}, ({ healthy }) => healthIn(healthy)),
  aggregateStatus: (ask) => (template, items) =>
    ask(template, { aggregatedStatus: items }, (response) =>
      aggregatedIn(template, told(patchedBy(response, template))),
    ),
  getDependencies: (ask) => (template) => ask(template, {}, ({ dependencies }) => dependenciesIn(dependencies ?? [])),
};

function asking(world: HookWorld, hook: Hook, through: Breaker, operation: OperationName): Ask {
  return async (object, beside, read) => {
    const { name = '', namespace } = object.metadata;
    const request = { kind: gvkOf(object), name, ...(namespace ? { namespace } : {}), operation, object, ...beside };
    const response = await callHook(world, hook, through, request);
    try {
      return read(response);
    } catch (error) {
      throw hookFailed(hook, operation, error);
    }
  };
}

function interpreterFor(
  world: HookWorld,
  hooks: readonly Hook[],
  breakerOf: (hook: Hook) => Breaker,
  apiVersion: string,
  kind: string,
): KindInterpreter {
  const gvk = { ...parseApiVersion(apiVersion), kind };
  const found: Record<string, unknown> = {};
  for (const { name, call } of interpreterOperations) {
    const hook = hookFor(hooks, gvk, name);
    if (hook) found[call] = readings[call](asking(world, hook, breakerOf(hook), name));
  }
  return found as KindInterpreter;
}

/** `changed` hears of each change which kinds mean something else now; not of what is there at the start. */
export function webhookSource(
  informers: InformerFactory,
  world: HookWorld,
  changed: (affects: Affects) => void,
): InterpreterSource {
  const informer = informers.informer<ResourceInterpreterWebhookConfiguration>(
    ResourceInterpreterWebhookConfigurationKind,
  );
  let hooks: readonly Hook[] | undefined;
  const byKind = new Map<string, KindInterpreter>();
  informer.onChange((change) => {
    const { object, old } = change;
    hooks = undefined;
    byKind.clear();
    if (change.initial || (old && deepEqual(old.webhooks, object.webhooks))) return;
    const concerned = [...object.webhooks, ...(old?.webhooks ?? [])];
    changed((apiVersion, kind) =>
      concerned.some((webhook) => speaksOf(webhook, { ...parseApiVersion(apiVersion), kind })),
    );
  });
  // A webhook that is configured anew is another one.
  const breakers = new WeakMap<InterpreterWebhook, Breaker>();
  const breakerOf = ({ webhook }: Hook) => {
    const known = breakers.get(webhook) ?? breaker(world.clock);
    breakers.set(webhook, known);
    return known;
  };
  return (apiVersion, kind) => {
    hooks ??= hooksOf(informer.list());
    if (hooks.length === 0) return undefined;
    const key = `${apiVersion}/${kind}`;
    const known = byKind.get(key);
    if (known) return known;
    const made = interpreterFor(world, hooks, breakerOf, apiVersion, kind);
    byKind.set(key, made);
    return made;
  };
}

/** What kinds mean to a control plane: their definitions, and what it has been told of them beyond what we know. */
import {
  type ResourceInterpreterCustomization,
  ResourceInterpreterCustomizationKind,
} from '#apis/config/customization.ts';
import { CustomResourceDefinitions } from '#apis/kubernetes/types.ts';
import type { ApiClient } from '#client/api-client.ts';
import { informerFactory } from '#client/informer/factory.ts';
import { type KindFinder, kindFinder } from '#client/kinds.ts';
import { fixedSource } from '#interpreter/declarative/source.ts';
import { type Interpreter, interpreterOf } from '#interpreter/interpreter.ts';
import { nativeSource } from '#interpreter/native/native.ts';
import { thirdPartySource } from '#interpreter/thirdparty/source.ts';
import { isReason } from '#kube/status/status.ts';
import { programRoot } from '#world/process/root.ts';
import type { Call } from '../command.ts';

interface Client {
  readonly client: ApiClient;
}

/** Webhooks are the control plane's own to ask. */
export async function interpreterIn({ around }: Call, session: Client): Promise<Interpreter> {
  const scripts = { now: around.clock.now };
  return interpreterOf([
    fixedSource(await customizationsOf(session), scripts),
    thirdPartySource(around.disk, programRoot(), scripts),
    nativeSource,
  ]);
}

/** What the control plane has been told of kinds in Lua; nothing where it cannot be told. */
export async function customizationsOf({ client }: Client): Promise<readonly ResourceInterpreterCustomization[]> {
  try {
    return (await client.resource<ResourceInterpreterCustomization>(ResourceInterpreterCustomizationKind).list()).items;
  } catch (error) {
    if (isReason(error, 'NotFound')) return [];
    throw error;
  }
}

export interface KnownKinds {
  readonly kindOf: KindFinder;
  readonly stop: () => void;
}

/**
 * To be stopped: it watches the server's definitions meanwhile. Throws StatusError where they cannot be read: informers
 * try again without end, and somebody is waiting.
 */
export async function kindsIn({ around: { clock } }: Call, { client }: Client): Promise<KnownKinds> {
  await client.resource(CustomResourceDefinitions).list({ limit: 1 });
  const { knownKind } = await import('#app/kinds.ts');
  const { systemRandom } = await import('#world/random/system.ts');
  const informers = informerFactory(client, { clock, random: systemRandom });
  const kindOf = kindFinder({ informers, known: knownKind, ready: (definitions) => definitions });
  try {
    await informers.whenSynced();
  } catch (error) {
    informers.stop();
    throw error;
  }
  return { kindOf, stop: () => informers.stop() };
}

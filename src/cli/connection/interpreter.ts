/** What kinds mean to a control plane with its webhooks asked from here, as the reference's promote asks them. */
import { Services } from '#apis/kubernetes/types.ts';
import { informerFactory } from '#client/informer/factory.ts';
import { fixedSource } from '#interpreter/declarative/source.ts';
import { type Interpreter, interpreterOf } from '#interpreter/interpreter.ts';
import { nativeSource } from '#interpreter/native/native.ts';
import { thirdPartySource } from '#interpreter/thirdparty/source.ts';
import { webhookSource } from '#interpreter/webhook/source.ts';
import { keyFor } from '#kube/meta/key.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import { programRoot } from '#world/process/root.ts';
import type { Surroundings } from '../surroundings.ts';
import { customizationsOf } from './meaning.ts';
import type { Session } from './session.ts';

export interface OpenInterpreter extends Interpreter {
  readonly stop: () => void;
}

/** In the reference's order: customizations, webhooks, third-party, built in. Webhooks are called from here. */
export async function openInterpreter({ clock, disk }: Surroundings, controlPlane: Session): Promise<OpenInterpreter> {
  const { webhookCalls } = await import('#app/up/webhook-calls.ts');
  const { systemRandom } = await import('#world/random/system.ts');
  const informers = informerFactory(controlPlane.client, { clock, random: systemRandom });
  const services = informers.informer(Services);
  const service = (namespace: string, name: string) =>
    services.get(keyFor(namespace, name)) as UnstructuredObject | undefined;
  const scripts = { now: clock.now };
  const interpreter = interpreterOf([
    fixedSource(await customizationsOf(controlPlane), scripts),
    webhookSource(informers, { post: webhookCalls(), service, clock, random: systemRandom }, () => {}),
    thirdPartySource(disk, programRoot(), scripts),
    nativeSource,
  ]);
  try {
    await informers.whenSynced();
  } catch (error) {
    informers.stop();
    throw error;
  }
  return { ...interpreter, stop: () => informers.stop() };
}

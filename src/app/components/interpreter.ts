/** The sources of meaning in their order (compatibility.md section 6): customizations, webhooks, third-party, built in. */
import { Services } from '#apis/kubernetes/types.ts';
import { meaningChanges } from '#interpreter/changes.ts';
import { customizationSource } from '#interpreter/declarative/source.ts';
import { type Interpreter, interpreterOf } from '#interpreter/interpreter.ts';
import { nativeSource } from '#interpreter/native/native.ts';
import { thirdPartySource } from '#interpreter/thirdparty/source.ts';
import { webhookSource } from '#interpreter/webhook/source.ts';
import { keyFor } from '#kube/meta/key.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import { systemDisk } from '#world/disk/system.ts';
import { programRoot } from '#world/process/root.ts';
import { webhookCalls } from '../up/webhook-calls.ts';
import type { ComponentParts } from './component.ts';

export function componentInterpreter({ informers, clock, random }: ComponentParts): Interpreter {
  const changes = meaningChanges(clock);
  const services = informers.informer(Services);
  const hooks = {
    post: webhookCalls(),
    service: (namespace: string, name: string) =>
      services.get(keyFor(namespace, name)) as UnstructuredObject | undefined,
    clock,
    random,
  };
  return interpreterOf(
    [
      customizationSource(informers, { now: clock.now }, changes.changed),
      webhookSource(informers, hooks, changes.changed),
      thirdPartySource(systemDisk, programRoot(), { now: clock.now }),
      nativeSource,
    ],
    changes.onChange,
  );
}

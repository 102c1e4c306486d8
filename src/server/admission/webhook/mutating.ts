/** MutatingAdmissionWebhook: webhooks one after the other, and some of them once more when others have changed the object. */
import type { AdmissionRequest, AdmissionResponse } from '#kube/admission/review.ts';
import { deepEqual } from '#kube/meta/equal.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { StatusError } from '#kube/status/status.ts';
import { asMatched, fromMatched, prepareBack, prepareMatched, targetOf } from '../matching/equivalents.ts';
import type { AdmissionPass, AdmissionStep } from '../step.ts';
import { type Asked, askWebhook } from './ask.ts';
import { callFailed, type Invocation, isCalled, type WebhookWorld } from './invocation.ts';
import { patchedObject } from './patch.ts';
import type { InvocationsOf } from './table.ts';

const name = 'MutatingAdmissionWebhook';

/** What the first round leaves for the second. */
interface Rounds {
  /** Asked already, and to be asked again should somebody change the object. */
  readonly willing: Set<number>;
  /** Asked again in the second round. */
  readonly due: Set<number>;
  last: KubeObject | undefined;
}

export function mutatingWebhooks(world: WebhookWorld, invocationsOf: InvocationsOf): AdmissionStep {
  return {
    name,
    phase: 'mutate',
    handles: (target) => invocationsOf(target).length > 0,
    review: (request, pass) => dispatch(world, invocationsOf, request, pass),
  };
}

async function dispatch(
  world: WebhookWorld,
  invocationsOf: InvocationsOf,
  first: AdmissionRequest,
  pass: AdmissionPass,
): Promise<AdmissionResponse> {
  const rounds = (pass.memory.get(name) as Rounds | undefined) ?? {
    willing: new Set(),
    due: new Set(),
    last: undefined,
  };
  pass.memory.set(name, rounds);
  // Somebody else's change in the second round calls for all that are willing.
  if (pass.again && !deepEqual(rounds.last, first.object)) nowDue(rounds);
  let request = first;
  const { path } = request;
  const namespaced = world.kinds.find(path.group, path.version, path.resource)?.definition.namespaced ?? false;
  for (const invocation of invocationsOf(targetOf(request, namespaced))) {
    await prepareMatched(world.kinds, request, invocation.matched);
    const matched = asMatched(world.kinds, request, invocation.matched);
    if (!(await isCalled(world, invocation, request, () => matched))) continue;
    if (pass.again && !rounds.due.has(invocation.index)) continue;
    const outcome = await mutateWith(world, invocation, request, matched, pass);
    if (outcome?.changed) {
      nowDue(rounds);
      pass.askAgain();
    }
    if (invocation.webhook.reinvocationPolicy === 'IfNeeded') rounds.willing.add(invocation.index);
    if (outcome) request = { ...request, object: outcome.object };
  }
  rounds.last = request.object;
  return { allowed: true, ...(request.object && request !== first ? { object: request.object } : {}) };
}

function nowDue({ willing, due }: Rounds): void {
  for (const index of willing) due.add(index);
  willing.clear();
}

/** The object as the webhook leaves it; undefined when it leaves it alone or could not be asked and need not. */
async function mutateWith(
  world: WebhookWorld,
  invocation: Invocation,
  request: AdmissionRequest,
  matched: AdmissionRequest,
  pass: AdmissionPass,
): Promise<{ readonly object: KubeObject; readonly changed: boolean } | undefined> {
  const { webhook, configuration, index } = invocation;
  const place = `round_${pass.again ? 1 : 0}_index_${index}`;
  let mutated = false;
  try {
    const asked = await askWebhook(world, invocation, true, request, matched, pass);
    const outcome = outcomeOf(world, invocation, matched, asked);
    if (!outcome) return undefined;
    mutated = outcome.changed;
    if (outcome.operations !== undefined) {
      const patch = { configuration, webhook: webhook.name, patch: outcome.operations, patchType: 'JSONPatch' };
      pass.annotate(`patch.webhook.admission.k8s.io/${place}`, JSON.stringify(patch), 'Request');
    }
    await prepareBack(world.kinds, request, invocation.matched, outcome.object);
    return { ...outcome, object: fromMatched(world.kinds, request, invocation.matched, outcome.object) };
  } catch (error) {
    if (error instanceof StatusError) throw error;
    if (webhook.failurePolicy !== 'Ignore') throw callFailed(webhook.name, error as Error);
    pass.annotate(`failed-open.mutation.webhook.admission.k8s.io/${place}`, webhook.name);
    world.ignored(webhook.name, error as Error);
    return undefined;
  } finally {
    const mutation = { configuration, webhook: webhook.name, mutated };
    pass.annotate(`mutation.webhook.admission.k8s.io/${place}`, JSON.stringify(mutation));
  }
}

function outcomeOf(world: WebhookWorld, { webhook }: Invocation, matched: AdmissionRequest, asked: Asked) {
  const { path, kind, object } = matched;
  if ('object' in asked) {
    if (!asked.object || asked.object === object) return undefined;
    return { object: asked.object, changed: !deepEqual(asked.object, object), operations: undefined };
  }
  const served = world.kinds.find(path.group, path.version, path.resource);
  return patchedObject(webhook.name, object, asked.answer, served?.definition.kind === kind.kind ? served : undefined);
}

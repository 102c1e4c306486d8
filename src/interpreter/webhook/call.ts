/** One call of an interpreter webhook: the request made, posted in time, and the answer checked. */
import { contextKind, type InterpreterRequest, type InterpreterResponse } from '#apis/config/context.ts';
import type { JsonObject } from '#kube/meta/object.ts';
import type { Clock } from '#world/clock/clock.ts';
import type { Random } from '#world/random/random.ts';
import type { Breaker } from './breaker.ts';
import type { Hook } from './hooks.ts';
import { responseIn } from './response.ts';
import { addressOf, type FindService, type HookAddress } from './service.ts';

/** How a context reaches a webhook. Rejects with what happened on the wire; `signal` aborts when the time is up. */
export type PostContext = (
  address: HookAddress,
  context: JsonObject,
  signal: AbortSignal,
) => Promise<{ readonly status: number; readonly body: string }>;

export interface HookWorld {
  readonly post: PostContext;
  readonly service: FindService;
  readonly clock: Clock;
  readonly random: Random;
}

/** As the reference documents `timeoutSeconds`. */
const defaultSeconds = 10;

/** Throws with the webhook's name and what went wrong. */
export async function callHook(
  world: HookWorld,
  { configuration, webhook }: Hook,
  through: Breaker,
  request: Omit<InterpreterRequest, 'uid'>,
): Promise<InterpreterResponse> {
  try {
    if (!webhook.interpreterContextVersions.includes('v1alpha1'))
      throw new Error('webhook does not accept known ResourceInterpreterContext versions (v1alpha1)');
    const asked: InterpreterRequest = { uid: world.random.uuid(), ...request };
    const context = { ...contextKind, request: asked as unknown as JsonObject };
    return responseIn(asked, await through(() => posted(world, webhook, context)));
  } catch (error) {
    throw hookFailed({ configuration, webhook }, request.operation, error);
  }
}

/** Every failure of a webhook is told this way. */
export function hookFailed({ configuration, webhook }: Hook, operation: string, error: unknown): Error {
  const why = error instanceof Error ? error.message : String(error);
  const name = `${JSON.stringify(webhook.name)} of ResourceInterpreterWebhookConfiguration ${configuration}`;
  return new Error(`failed calling webhook ${name} for ${operation}: ${why}`, { cause: error });
}

async function posted(
  { post, service, clock }: HookWorld,
  { clientConfig, timeoutSeconds: seconds = defaultSeconds }: Hook['webhook'],
  context: JsonObject,
): ReturnType<PostContext> {
  const address = addressOf(clientConfig, seconds, service);
  const abort = new AbortController();
  const late = Promise.withResolvers<never>();
  const timer = clock.after(seconds * 1_000, () => {
    const error = new Error(`it did not answer within ${seconds} seconds`);
    late.reject(error);
    abort.abort(error);
  });
  try {
    return await Promise.race([post(address, context, abort.signal), late.promise]);
  } catch (error) {
    throw new Error(`Post ${JSON.stringify(address.url)}: ${(error as Error).message}`, { cause: error });
  } finally {
    timer.cancel();
  }
}

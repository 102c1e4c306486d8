/**
 * The subresource `verdict` of bindings (`kubectl get --raw …/resourcebindings/NAME/verdict`): what the scheduler would
 * decide now, and why; or why it leaves the binding alone. Nothing is written or assumed by asking.
 */

import { keyOf } from '#kube/meta/key.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import type { ApiRequest } from '#kube/request/request.ts';
import { methodNotServed, serviceUnavailable } from '#kube/status/errors.ts';
import type { Explanation } from './plan/explanation.ts';

/** Undefined: the scheduler does not know the binding yet. A text says why it is not scheduled at all. */
export type Explain = (key: string) => Promise<Explanation | string | undefined>;

/** By the resources they belong to, as the API server wants them. */
export const verdictResources = [
  'work.karmada.io/resourcebindings/verdict',
  'work.karmada.io/clusterresourcebindings/verdict',
] as const;

/** `explainer`: of the scheduler that runs at present. */
export const answerVerdict =
  (explainer: () => Explain | undefined) =>
  async (request: ApiRequest, binding: KubeObject | undefined): Promise<KubeObject> => {
    if (request.verb !== 'get') throw methodNotServed();
    const explain = explainer();
    if (!explain) {
      throw serviceUnavailable(
        'no karmada-scheduler runs in this process, and nobody else knows why it decides as it does; ' +
          'look at Deployment karmada-system/karmada-scheduler of karmada-host',
      );
    }
    const found = binding && (await explain(keyOf(binding)));
    if (!binding || found === undefined)
      throw serviceUnavailable('the scheduler has not heard of this binding yet; ask again in a moment');
    const { namespace, name, uid, resourceVersion, generation } = binding.metadata;
    const about: KubeObject = {
      apiVersion: 'work.flotilla.io/v1alpha1',
      kind: 'SchedulingVerdict',
      metadata: { ...(namespace ? { namespace } : {}), name, uid, resourceVersion, generation },
    };
    const answer = typeof found === 'string' ? { leftAlone: found } : found;
    return { ...about, ...answer } as KubeObject;
  };

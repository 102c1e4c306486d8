/** Which container of a Pod is meant, in kube-apiserver's words. Pure. */
import type { Pod } from '#apis/kubernetes/types.ts';
import { badRequest } from '#kube/status/errors.ts';

const all = ({ spec }: Pod) => [
  ...(spec.initContainers ?? []),
  ...spec.containers,
  ...(spec.ephemeralContainers ?? []),
];

/** `asked`: '' where the client names none. Throws BadRequest. */
export function containerOf(pod: Pod, asked: string): string {
  const { name } = pod.metadata;
  if (asked !== '') {
    if (all(pod).some((each) => each.name === asked)) return asked;
    throw badRequest(`container ${asked} is not valid for pod ${name}`);
  }
  const [only, second] = pod.spec.containers;
  if (only && !second) return only.name;
  if (!only) throw badRequest(`a container name must be specified for pod ${name}`);
  const names = all(pod).map((each) => each.name);
  throw badRequest(`a container name must be specified for pod ${name}, choose one of: [${names.join(' ')}]`);
}

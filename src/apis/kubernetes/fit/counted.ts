/** Which resources of nodes are counted out to Pods at all: what kube-scheduler keeps accounts of. */
import { isExtended, isHugePages } from '../native/validate/resources.ts';

const always = new Set(['cpu', 'memory', 'ephemeral-storage']);

/** `cpu`, `hugepages-2Mi`, `nvidia.com/gpu`, `attachable-volumes-…`; not `storage`, not `pods`. */
export const isCounted = (name: string): boolean =>
  always.has(name) ||
  isExtended(name) ||
  isHugePages(name) ||
  name.includes('kubernetes.io/') ||
  name.startsWith('attachable-volumes-');

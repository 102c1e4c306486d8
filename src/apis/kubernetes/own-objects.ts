/** Objects that every cluster makes for itself: they are never templates, and nothing brings them along. */
import type { KubeObject } from '#kube/meta/object.ts';

/** What Kubernetes puts on the roles that every API server makes for itself. */
const bootstrapped = 'kubernetes.io/bootstrapping';

/** Objects every cluster has of its own: taking them over would cut a member off from itself. */
export function belongsToItsCluster({ apiVersion, kind, metadata: { namespace, name, labels } }: KubeObject): boolean {
  if (labels?.[bootstrapped] !== undefined) return true;
  if (kind === 'ConfigMap' && name === 'kube-root-ca.crt') return true;
  // An API server writes there by whom it lets others speak for users.
  if (kind === 'ConfigMap' && namespace === 'kube-system') return name === 'extension-apiserver-authentication';
  if (apiVersion === 'v1' && kind === 'Namespace') return name === 'default';
  if (namespace !== 'default') return false;
  if (kind === 'Service' || kind === 'Endpoints') return name === 'kubernetes';
  return kind === 'EndpointSlice' && labels?.['kubernetes.io/service-name'] === 'kubernetes';
}

/** IP families of a Service on a single-stack (IPv4) cluster, as kube-apiserver's Service registry fills them in. */
import { headless, needsClusterIp, type ServiceSpec } from './service.ts';

/** What `before` had stays where the client leaves it out. */
export function withFamilies(spec: ServiceSpec, before: ServiceSpec): ServiceSpec {
  if (!needsClusterIp(spec)) return spec;
  const selectorless = Object.keys(spec.selector ?? {}).length === 0;
  // A headless Service without a selector is somebody else's to fill: it may have addresses of both families.
  const dual =
    spec.clusterIP === headless && selectorless && spec.ipFamilyPolicy === undefined && spec.ipFamilies === undefined;
  const ipFamilyPolicy = spec.ipFamilyPolicy ?? before.ipFamilyPolicy ?? (dual ? 'RequireDualStack' : 'SingleStack');
  const ipFamilies = spec.ipFamilies?.length
    ? spec.ipFamilies
    : (before.ipFamilies ?? (dual ? ['IPv4', 'IPv6'] : ['IPv4']));
  return ipFamilyPolicy === spec.ipFamilyPolicy && ipFamilies === spec.ipFamilies
    ? spec
    : { ...spec, ipFamilyPolicy, ipFamilies };
}

/**
 * Pods: what holds for every PodSpec (the two service account fields mirror each other), and what holds for Pods only,
 * not for templates: requests from limits, host ports, service links, requests of the whole Pod, and that a negative grace period is one second.
 */
import { type Fields, fieldsOf, isFields, itemsOf, mapList, textOf, withField, withMissing } from '../value.ts';
import { podLevelResources } from './pod-resources.ts';

function podSpec(spec: Fields): Fields {
  const name = textOf(spec.serviceAccountName) || textOf(spec.serviceAccount);
  if (name === '' || (spec.serviceAccountName === name && spec.serviceAccount === name)) return spec;
  return { ...spec, serviceAccountName: name, serviceAccount: name };
}

function pod(value: Fields): Fields {
  const spec = fieldsOf(value.spec);
  let next = withContainers(spec, requestsFromLimits);
  next = podLevelResources(next);
  next = withMissing(next, serviceLinks);
  if (Number(next.terminationGracePeriodSeconds) < 0) next = withField(next, 'terminationGracePeriodSeconds', 1);
  if (next.hostNetwork === true) next = withContainers(next, hostPorts);
  const withSpec = next === spec ? value : { ...value, spec: next };
  return isFields(value.status) ? withField(withSpec, 'status', podAddresses(value.status)) : withSpec;
}

const serviceLinks = { enableServiceLinks: true };

/** Containers and init containers, each changed by `change`; ephemeral ones have neither requests nor ports. */
function withContainers(spec: Fields, change: (container: Fields) => Fields): Fields {
  let next = spec;
  for (const list of ['containers', 'initContainers']) {
    if (Array.isArray(spec[list])) next = withField(next, list, mapList(itemsOf(spec[list]), change));
  }
  return next;
}

function requestsFromLimits(container: Fields): Fields {
  const resources = fieldsOf(fieldsOf(container).resources);
  if (!isFields(resources.limits)) return container;
  const requests = fieldsOf(resources.requests);
  const next = withMissing(requests, resources.limits);
  return next === requests ? container : { ...container, resources: { ...resources, requests: next } };
}

function hostPorts(container: Fields): Fields {
  if (!isFields(container) || !Array.isArray(container.ports)) return container;
  const ports = mapList(itemsOf(container.ports), (port) =>
    isFields(port) && !port.hostPort && port.containerPort ? { ...port, hostPort: port.containerPort } : port,
  );
  return withField(container, 'ports', ports);
}

/** podIP is the first of podIPs; whoever sets one sets the other. The list wins when they differ. */
function podAddresses(status: Fields): Fields {
  return mirrorFirst(
    status,
    'podIP',
    'podIPs',
    (ip) => ({ ip }),
    (item) => textOf(fieldsOf(item).ip),
  );
}

function mirrorFirst(
  value: Fields,
  one: string,
  many: string,
  wrap: (text: string) => unknown,
  unwrap: (item: unknown) => string,
): Fields {
  const single = textOf(value[one]);
  const list = Array.isArray(value[many]) ? (value[many] as readonly unknown[]) : [];
  if (single === '' && list.length === 0) return value;
  if (list.length > 0 && (single === '' || unwrap(list[0]) === single)) return withField(value, one, unwrap(list[0]));
  return { ...value, [many]: [wrap(single)] };
}

function nodeSpec(spec: Fields): Fields {
  return mirrorFirst(spec, 'podCIDR', 'podCIDRs', (text) => text, textOf);
}

export const podRules = { 'v1.Pod': pod, 'v1.PodSpec': podSpec, 'v1.NodeSpec': nodeSpec };

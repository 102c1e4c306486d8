/** The environment a container is started with. */
import type { Container, EnvVar, Pod, Service } from '#apis/kubernetes/types.ts';
import { fieldValue, resourceValue } from './downward.ts';
import type { ObjectLookup } from './lookup.ts';

export type Environment = ReadonlyMap<string, string>;

const searchPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** `services`: those of the Pod's namespace, whose addresses it is told. */
export async function environmentOf(
  pod: Pod,
  container: Container,
  services: readonly Service[],
  lookup: ObjectLookup,
): Promise<Environment> {
  const environment = new Map<string, string>([
    ['PATH', searchPath],
    ['HOSTNAME', hostnameOf(pod)],
  ]);
  if (pod.spec.enableServiceLinks !== false) for (const service of services) addService(environment, service);
  const { namespace = '' } = pod.metadata;
  for (const { prefix = '', configMapRef, secretRef } of container.envFrom ?? []) {
    const data =
      (configMapRef?.name && (await lookup.configMap(namespace, configMapRef.name))) ||
      (secretRef?.name && (await lookup.secret(namespace, secretRef.name))) ||
      {};
    for (const [key, bytes] of Object.entries(data)) environment.set(prefix + key, bytes.toString('utf8'));
  }
  for (const variable of container.env ?? []) {
    const value = await variableValue(pod, container, variable, lookup, environment);
    if (value !== undefined) environment.set(variable.name, value);
  }
  if (!environment.has('HOME')) environment.set('HOME', '/root');
  return environment;
}

export const hostnameOf = ({ metadata, spec }: Pod): string =>
  spec.hostNetwork
    ? (spec.nodeName ?? '')
    : (spec.hostname ?? (metadata.name ?? '').slice(0, 63).replace(/[-.]+$/, ''));

async function variableValue(
  pod: Pod,
  container: Container,
  { value = '', valueFrom }: EnvVar,
  lookup: ObjectLookup,
  before: Environment,
): Promise<string | undefined> {
  const { namespace = '' } = pod.metadata;
  if (!valueFrom) return expanded(value, before);
  const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef } = valueFrom;
  if (fieldRef) return fieldValue(pod, fieldRef);
  if (resourceFieldRef) return resourceValue(container, resourceFieldRef);
  if (configMapKeyRef?.name)
    return (await lookup.configMap(namespace, configMapKeyRef.name))?.[configMapKeyRef.key]?.toString('utf8');
  if (secretKeyRef?.name)
    return (await lookup.secret(namespace, secretKeyRef.name))?.[secretKeyRef.key]?.toString('utf8');
  return undefined;
}

/** `$(NAME)` of a variable that came before; `$$` stands for a dollar sign. */
export const expanded = (text: string, environment: Environment): string =>
  text.replace(/\$\$|\$\(([A-Za-z_][A-Za-z0-9_.-]*)\)/g, (whole, name?: string) =>
    name === undefined ? '$' : (environment.get(name) ?? whole),
  );

/** As Docker's links named them: `WEB_SERVICE_HOST`, `WEB_PORT_80_TCP_ADDR`, … */
function addService(environment: Map<string, string>, { metadata, spec }: Service): void {
  const address = spec?.clusterIP;
  const [first] = spec?.ports ?? [];
  if (!address || address === 'None' || !first) return;
  const name = (metadata.name ?? '').toUpperCase().replaceAll('-', '_');
  environment.set(`${name}_SERVICE_HOST`, address);
  environment.set(`${name}_SERVICE_PORT`, String(first.port));
  environment.set(`${name}_PORT`, `${(first.protocol ?? 'TCP').toLowerCase()}://${address}:${first.port}`);
  for (const { name: portName, port, protocol = 'TCP' } of spec?.ports ?? []) {
    if (portName) environment.set(`${name}_SERVICE_PORT_${portName.toUpperCase().replaceAll('-', '_')}`, String(port));
    const prefix = `${name}_PORT_${port}_${protocol}`;
    environment.set(prefix, `${protocol.toLowerCase()}://${address}:${port}`);
    environment.set(`${prefix}_PROTO`, protocol.toLowerCase());
    environment.set(`${prefix}_PORT`, String(port));
    environment.set(`${prefix}_ADDR`, address);
  }
}

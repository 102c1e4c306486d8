/** The checks of the baseline level: what lets a Pod reach into its node. */
import type { Container, Pod, SELinuxOptions } from '#apis/kubernetes/types.ts';
import { type CheckPod, found, named, namesWhere, plural, quoted, setters, sorted } from './check.ts';

export const hostNamespaces: CheckPod = ({ hostNetwork, hostPID, hostIPC }) => {
  const flags = Object.entries({ hostNetwork, hostPID, hostIPC }).filter(([, is]) => is === true);
  return flags.length > 0
    ? { reason: 'host namespaces', detail: flags.map(([name]) => `${name}=true`).join(', ') }
    : undefined;
};

export const privileged: CheckPod = (spec) => {
  const names = namesWhere(spec, ({ securityContext }) => securityContext?.privileged === true);
  return names.length > 0
    ? { reason: 'privileged', detail: `${named(names)} must not set securityContext.privileged=true` }
    : undefined;
};

const defaultCapabilities = new Set([
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_BIND_SERVICE',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
]);

export const capabilities: CheckPod = (spec) => {
  const { names, values } = found(spec, ({ securityContext }) =>
    (securityContext?.capabilities?.add ?? []).filter((each) => !defaultCapabilities.has(each)),
  );
  if (names.length === 0) return undefined;
  const detail = `${named(names)} must not include ${quoted(values)} in securityContext.capabilities.add`;
  return { reason: 'non-default capabilities', detail };
};

export const hostPathVolumes: CheckPod = ({ volumes = [] }) => {
  const names = volumes.filter(({ hostPath }) => hostPath).map(({ name }) => name);
  return names.length > 0 ? { reason: 'hostPath volumes', detail: named(names, 'volume') } : undefined;
};

export const hostPorts: CheckPod = (spec) => {
  const { names, values } = found(spec, ({ ports = [] }) =>
    ports.flatMap(({ hostPort = 0 }) => (hostPort === 0 ? [] : [String(hostPort)])),
  );
  if (names.length === 0) return undefined;
  const use = names.length === 1 ? 'uses' : 'use';
  return {
    reason: 'hostPort',
    detail: `${named(names)} ${use} ${plural('hostPort', values.length)} ${values.join(', ')}`,
  };
};

type Handler = {
  readonly httpGet?: { readonly host?: string };
  readonly tcpSocket?: { readonly host?: string };
};

const hostsOf = (handler: Handler | undefined): readonly string[] =>
  [handler?.httpGet?.host, handler?.tcpSocket?.host].filter((host): host is string => !!host);

export const hostProbes: CheckPod = (spec) => {
  const { names, values } = found(spec, ({ livenessProbe, readinessProbe, startupProbe, lifecycle }) =>
    [livenessProbe, readinessProbe, startupProbe, lifecycle?.postStart, lifecycle?.preStop].flatMap((each) =>
      hostsOf(each as Handler | undefined),
    ),
  );
  if (names.length === 0) return undefined;
  const what = 'probe or lifecycle host';
  const use = names.length === 1 ? 'uses' : 'use';
  return { reason: what, detail: `${named(sorted(names))} ${use} ${plural(what, values.length)} ${quoted(values)}` };
};

export const procMount: CheckPod = (spec) => {
  const { names, values } = found(spec, ({ securityContext }) => {
    const mount = securityContext?.procMount;
    return mount === undefined || mount === 'Default' ? [] : [mount];
  });
  if (names.length === 0) return undefined;
  return { reason: 'procMount', detail: `${named(names)} must not set securityContext.procMount to ${quoted(values)}` };
};

/** Who sets a profile of a type that is not allowed, and which. */
function profiles(
  spec: Pod['spec'],
  typeOf: (context: Container['securityContext']) => string | undefined,
  allowed: readonly string[],
) {
  const bad = (type: string | undefined) => (type === undefined || allowed.includes(type) ? [] : [type]);
  const own = bad(typeOf(spec.securityContext as Container['securityContext']));
  const { names, values } = found(spec, ({ securityContext }) => bad(typeOf(securityContext)));
  return { inPod: own.length > 0, names, values: sorted([...own, ...values]) };
}

const appArmorPrefix = 'container.apparmor.security.beta.kubernetes.io/';
const isAppArmorValue = (value: string) =>
  value === '' || value === 'runtime/default' || value.startsWith('localhost/');

export const appArmorProfile: CheckPod = (spec, annotations) => {
  const allowed = ['RuntimeDefault', 'Localhost'];
  const { inPod, names, values } = profiles(spec, (context) => context?.appArmorProfile?.type, allowed);
  const noted = Object.entries(annotations)
    .filter(([key, value]) => key.startsWith(appArmorPrefix) && !isAppArmorValue(value))
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .sort();
  const who = [
    ...(inPod || names.length > 0 ? [setters(inPod, names)] : []),
    ...(noted.length > 0 ? [plural('annotation', noted.length)] : []),
  ];
  if (who.length === 0) return undefined;
  const all = [...values, ...noted];
  return {
    reason: plural('forbidden AppArmor profile', all.length),
    detail: `${who.join(' and ')} must not set AppArmor profile type to ${quoted(all)}`,
  };
};

export const seLinuxOptions =
  (types: readonly string[]): CheckPod =>
  (spec) => {
    const wrong = (options: SELinuxOptions | undefined): readonly string[] => [
      ...(types.includes(options?.type ?? '') ? [] : [`type ${options?.type}`]),
      ...(options?.user ? ['user'] : []),
      ...(options?.role ? ['role'] : []),
    ];
    const own = wrong(spec.securityContext?.seLinuxOptions);
    const { names, values } = found(spec, ({ securityContext }) => wrong(securityContext?.seLinuxOptions));
    const all = sorted([...own, ...values]);
    if (all.length === 0) return undefined;
    const bad = all.filter((each) => each.startsWith('type ')).map((each) => each.slice('type '.length));
    const data = [
      ...(bad.length > 0 ? [named(bad, 'type')] : []),
      ...(all.includes('user') ? ['user may not be set'] : []),
      ...(all.includes('role') ? ['role may not be set'] : []),
    ];
    const who = setters(own.length > 0, names);
    return {
      reason: 'seLinuxOptions',
      detail: `${who} set forbidden securityContext.seLinuxOptions: ${data.join('; ')}`,
    };
  };

const seccompPod = 'seccomp.security.alpha.kubernetes.io/pod';
const seccompContainer = 'container.seccomp.security.alpha.kubernetes.io/';
const isSeccompValue = (value: string) =>
  value === 'runtime/default' || value === 'docker/default' || value.startsWith('localhost/');

/** As long as profiles were annotations. */
export const seccompAnnotations: CheckPod = (spec, annotations) => {
  const keys = [seccompPod, ...namesWhere(spec, () => true).map((name) => seccompContainer + name)];
  const bad = sorted(
    keys.flatMap((key) => {
      const value = annotations[key];
      return value === undefined || isSeccompValue(value) ? [] : [`${key}=${JSON.stringify(value)}`];
    }),
  );
  if (bad.length === 0) return undefined;
  return { reason: 'seccompProfile', detail: `forbidden ${plural('annotation', bad.length)} ${bad.join(', ')}` };
};

export const seccompTypes = ['Localhost', 'RuntimeDefault'];

export const seccompProfile: CheckPod = (spec) => {
  const { inPod, names, values } = profiles(spec, (context) => context?.seccompProfile?.type, seccompTypes);
  if (values.length === 0) return undefined;
  const who = setters(inPod, names);
  return {
    reason: 'seccompProfile',
    detail: `${who} must not set securityContext.seccompProfile.type to ${quoted(values)}`,
  };
};

export const sysctls =
  (allowed: readonly string[]): CheckPod =>
  ({ securityContext }) => {
    const bad = (securityContext?.sysctls ?? []).map(({ name }) => name).filter((name) => !allowed.includes(name));
    return bad.length > 0 ? { reason: 'forbidden sysctls', detail: bad.join(', ') } : undefined;
  };

export const windowsHostProcess: CheckPod = (spec) => {
  const inPod = spec.securityContext?.windowsOptions?.hostProcess === true;
  const names = namesWhere(spec, ({ securityContext }) => securityContext?.windowsOptions?.hostProcess === true);
  if (!inPod && names.length === 0) return undefined;
  const detail = `${setters(inPod, names)} must not set securityContext.windowsOptions.hostProcess=true`;
  return { reason: 'hostProcess', detail };
};

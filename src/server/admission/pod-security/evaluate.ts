/** Which checks each version of each level makes, in the order in which they are told. */
import type { Pod } from '#apis/kubernetes/types.ts';
import * as baseline from './baseline.ts';
import { type CheckPod, none, unlessOwnUsers, unlessWindows, type Violation } from './check.ts';
import type { LevelVersion } from './policy.ts';
import * as restricted from './restricted.ts';

interface Check {
  readonly id: string;
  /** From a minor version on; the last one that fits counts. */
  readonly since: readonly (readonly [number, CheckPod])[];
  /** Baseline checks that this one says more strictly. */
  readonly instead?: string;
}

const sysctlsOf: readonly (readonly [number, readonly string[]])[] = [
  [
    0,
    [
      'kernel.shm_rmid_forced',
      'net.ipv4.ip_local_port_range',
      'net.ipv4.tcp_syncookies',
      'net.ipv4.ping_group_range',
      'net.ipv4.ip_unprivileged_port_start',
    ],
  ],
  [27, ['net.ipv4.ip_local_reserved_ports']],
  [
    29,
    [
      'net.ipv4.tcp_keepalive_time',
      'net.ipv4.tcp_fin_timeout',
      'net.ipv4.tcp_keepalive_intvl',
      'net.ipv4.tcp_keepalive_probes',
    ],
  ],
  [32, ['net.ipv4.tcp_rmem', 'net.ipv4.tcp_wmem']],
];
/** Each version allows what the earlier ones did. */
const sysctls = sysctlsOf.map(
  ([minor], index) => [minor, baseline.sysctls(sysctlsOf.slice(0, index + 1).flatMap(([, names]) => names))] as const,
);

const seLinuxTypes = ['', 'container_t', 'container_init_t', 'container_kvm_t'];

/** By id, as messages name them. */
const baselineChecks: readonly Check[] = [
  { id: 'appArmorProfile', since: [[0, baseline.appArmorProfile]] },
  { id: 'capabilities_baseline', since: [[0, baseline.capabilities]] },
  { id: 'hostNamespaces', since: [[0, baseline.hostNamespaces]] },
  { id: 'hostPathVolumes', since: [[0, baseline.hostPathVolumes]] },
  { id: 'hostPorts', since: [[0, baseline.hostPorts]] },
  { id: 'hostProbesAndHostLifecycle', since: [[34, baseline.hostProbes]] },
  { id: 'privileged', since: [[0, baseline.privileged]] },
  {
    id: 'procMount',
    since: [
      [0, baseline.procMount],
      [35, unlessOwnUsers(baseline.procMount)],
    ],
  },
  {
    id: 'seLinuxOptions',
    since: [
      [0, baseline.seLinuxOptions(seLinuxTypes)],
      [31, baseline.seLinuxOptions([...seLinuxTypes, 'container_engine_t'])],
    ],
  },
  {
    id: 'seccompProfile_baseline',
    since: [
      [0, baseline.seccompAnnotations],
      [19, baseline.seccompProfile],
    ],
  },
  { id: 'sysctls', since: sysctls },
  { id: 'windowsHostProcess', since: [[0, baseline.windowsHostProcess]] },
];

const restrictedChecks: readonly Check[] = [
  {
    id: 'allowPrivilegeEscalation',
    since: [
      [8, restricted.allowPrivilegeEscalation],
      [25, unlessWindows(restricted.allowPrivilegeEscalation)],
    ],
  },
  {
    id: 'capabilities_restricted',
    since: [
      [22, restricted.capabilities],
      [25, unlessWindows(restricted.capabilities)],
    ],
    instead: 'capabilities_baseline',
  },
  { id: 'procMount_restricted', since: [[35, baseline.procMount]], instead: 'procMount' },
  { id: 'restrictedVolumes', since: [[0, restricted.volumes]], instead: 'hostPathVolumes' },
  {
    id: 'runAsNonRoot',
    since: [
      [0, restricted.runAsNonRoot],
      [35, unlessOwnUsers(restricted.runAsNonRoot)],
    ],
  },
  {
    id: 'runAsUser',
    since: [
      [23, restricted.runAsUser],
      [35, unlessOwnUsers(restricted.runAsUser)],
    ],
  },
  {
    id: 'seccompProfile_restricted',
    since: [
      [19, restricted.seccompRequired],
      [25, unlessWindows(restricted.seccompRequired)],
    ],
    instead: 'seccompProfile_baseline',
  },
];

const checkAt = ({ since }: Check, minor: number): CheckPod | undefined =>
  since.findLast(([from]) => from <= minor)?.[1];

const known = new Map<string, readonly CheckPod[]>();

function checksOf({ level, minor }: LevelVersion): readonly CheckPod[] {
  const key = `${level} ${minor}`;
  const found = known.get(key);
  if (found) return found;
  const strict = level === 'restricted' ? restrictedChecks.filter((check) => checkAt(check, minor)) : [];
  const replaced = new Set(strict.map(({ instead }) => instead));
  const all = [...baselineChecks.filter(({ id }) => !replaced.has(id)), ...strict];
  const checks = all.map((check) => checkAt(check, minor) ?? none);
  // Few versions are ever asked for, but anybody may ask.
  if (known.size < mostRemembered) known.set(key, checks);
  return checks;
}

const mostRemembered = 64;

/** Everything a Pod has that the level does not allow. */
export function violations(
  wanted: LevelVersion,
  spec: Pod['spec'],
  annotations: Readonly<Record<string, string>> = {},
): readonly Violation[] {
  if (wanted.level === 'privileged') return [];
  return checksOf(wanted).flatMap((check) => check(spec, annotations) ?? []);
}

export const reasons = (found: readonly Violation[]): string => found.map(({ reason }) => reason).join(', ');

export const details = (found: readonly Violation[]): string =>
  found.map(({ reason, detail }) => (detail === '' ? reason : `${reason} (${detail})`)).join(', ');

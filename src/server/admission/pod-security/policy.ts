/** What a namespace's labels ask of the Pods in it (Pod Security Standards): levels and their versions. Pure. */
import type { KubeObject } from '#kube/meta/object.ts';
import { invalidValue } from '#kube/status/causes.ts';
import type { StatusCause } from '#kube/status/status.ts';

const levels = ['privileged', 'baseline', 'restricted'] as const;
export type Level = (typeof levels)[number];

/** `restricted:latest`, `baseline:v1.30`. */
export interface LevelVersion {
  readonly level: Level;
  /** The minor version; Infinity is the latest. */
  readonly minor: number;
}

export interface PodPolicy {
  readonly enforce: LevelVersion;
  readonly audit: LevelVersion;
  readonly warn: LevelVersion;
}

export const prefix = 'pod-security.kubernetes.io/';
const privileged: LevelVersion = { level: 'privileged', minor: Infinity };

export const shownVersion = ({ level, minor }: LevelVersion): string =>
  `${level}:${minor === Infinity ? 'latest' : `v1.${minor}`}`;

export const sameVersion = (left: LevelVersion, right: LevelVersion): boolean =>
  left.level === right.level && left.minor === right.minor;

/** More is asked of Pods. */
export const isStricter = (left: Level, right: Level): boolean => levels.indexOf(left) > levels.indexOf(right);

export interface ParsedPolicy {
  readonly policy: PodPolicy;
  readonly errors: readonly StatusCause[];
}

const unrestricted: ParsedPolicy = {
  policy: { enforce: privileged, audit: privileged, warn: privileged },
  errors: [],
};

const isOurs = (label: string): boolean => label.startsWith(prefix);

/** Labels that cannot be read enforce what is strictest, and only what is enforced. */
export function policyOf({ metadata: { labels = {} } }: KubeObject): ParsedPolicy {
  if (!Object.keys(labels).some(isOurs)) return unrestricted;
  const errors: StatusCause[] = [];
  const read = <T>(mode: string, valid: (text: string) => T | undefined, fallback: T, why: string): T | undefined => {
    const label = prefix + mode;
    const text = labels[label];
    if (text === undefined) return undefined;
    const value = valid(text);
    if (value === undefined) errors.push(invalidValue(`metadata.labels[${label}]`, text, why));
    return value ?? fallback;
  };
  const mode = (name: 'enforce' | 'audit' | 'warn') => {
    const failed: Level = name === 'enforce' ? 'restricted' : 'privileged';
    const known = errors.length;
    const level = read(name, levelOf, failed, 'must be one of privileged, baseline, restricted');
    const isRead = level !== undefined && errors.length === known;
    const minor = read(`${name}-version`, minorOf, Infinity, 'must be "latest" or "v1.x"');
    return { level, minor, isRead };
  };
  const [enforce, audit, warn] = [mode('enforce'), mode('audit'), mode('warn')];
  const settled = ({
    level = 'privileged',
    minor = Infinity,
  }: {
    level?: Level | undefined;
    minor?: number | undefined;
  }) => ({
    level,
    minor,
  });
  // What is enforced is warned of, too, unless something is said about warnings.
  const follows = warn.level === undefined && enforce.isRead && enforce.level !== 'privileged';
  const warned = follows ? { level: enforce.level, minor: warn.minor ?? enforce.minor } : warn;
  return { policy: { enforce: settled(enforce), audit: settled(audit), warn: settled(warned) }, errors };
}

const levelOf = (text: string): Level | undefined => levels.find((level) => level === text);

function minorOf(text: string): number | undefined {
  if (text === 'latest') return Infinity;
  const match = /^v1\.([0-9]|[1-9][0-9]*)$/.exec(text);
  return match ? Number(match[1]) : undefined;
}

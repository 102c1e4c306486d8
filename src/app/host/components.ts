/** The parts of a control plane that karmada-host shows: those that run from what is shown, and those that are the process itself. */

/** One Pod at a time runs it, under its Lease. */
export const ledNames = ['karmada-controller-manager', 'karmada-scheduler'] as const;
export type LedName = (typeof ledNames)[number];

/** Each is a Deployment in karmada-system whose command is parsed and obeyed. karmada-webhook serves from every Pod it has. */
export const runnableNames = [...ledNames, 'karmada-webhook'] as const;
export type RunnableName = (typeof runnableNames)[number];

export const isRunnable = (name: string | undefined): name is RunnableName =>
  (runnableNames as readonly (string | undefined)[]).includes(name);

export const isLed = (name: RunnableName): name is LedName => (ledNames as readonly string[]).includes(name);

/** A part of the process that can be looked at, not changed. */
export interface EmbeddedPart {
  readonly kind: 'Deployment' | 'StatefulSet';
  readonly name: string;
  /** What it stands for, as the end of `etcd is …`. */
  readonly what: string;
  /** How what somebody may want of it is done here. */
  readonly instead: string;
}

export const embeddedParts: readonly EmbeddedPart[] = [
  {
    kind: 'StatefulSet',
    name: 'etcd',
    what: 'the durable store in the data directory',
    instead: 'another store is chosen with "flotilla up --data-dir DIRECTORY", and "flotilla down" stops it',
  },
  {
    kind: 'Deployment',
    name: 'karmada-apiserver',
    what: 'the API server inside the process of "flotilla up"',
    instead: 'its port is set with "flotilla up --port PORT", and "flotilla down" stops it',
  },
  {
    kind: 'Deployment',
    name: 'karmada-aggregated-apiserver',
    what: 'served by karmada-apiserver inside the process of "flotilla up"',
    instead: '"flotilla down" stops it, and "flotilla up" starts it again',
  },
  {
    kind: 'Deployment',
    name: 'karmada-kube-controller-manager',
    what: 'the native controllers inside the process of "flotilla up"',
    instead: '"flotilla down" stops them, and "flotilla up" starts them again',
  },
];

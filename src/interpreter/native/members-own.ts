/** Kinds of which a member keeps parts for itself: what its own controllers filled in is not taken away. */
import type { Condition, UnstructuredObject } from '#kube/meta/object.ts';
import type { KindInterpreter } from '../interpreter.ts';
import { requirementsOf } from './requirements.ts';

type Fields = Readonly<Record<string, unknown>>;
const fieldsOf = (value: unknown) => (value ?? {}) as Fields;

/** `desired` with these fields of `observed`, where `observed` has them. */
function keep(desired: unknown, observed: unknown, names: readonly string[]): Fields {
  const live = fieldsOf(observed);
  return {
    ...fieldsOf(desired),
    ...Object.fromEntries(names.filter((name) => live[name] !== undefined).map((name) => [name, live[name]])),
  };
}

interface Named {
  readonly name?: string;
}

/** Both lists, each name once, the desired ones first. */
function mergeByName(desired: unknown, observed: unknown): readonly Named[] {
  const wanted = (desired ?? []) as readonly Named[];
  const names = new Set(wanted.map((each) => each.name));
  return [...wanted, ...((observed ?? []) as readonly Named[]).filter((each) => !names.has(each.name))];
}

function keepMounts(desired: unknown, observed: unknown): readonly Fields[] {
  const live = new Map(((observed ?? []) as readonly (Fields & Named)[]).map((each) => [each.name, each]));
  return ((desired ?? []) as readonly (Fields & Named)[]).map((each) =>
    keep(each, live.get(each.name), ['volumeMounts']),
  );
}

/** What scheduling and the service-account admission of the member wrote into a Pod. */
function retainPod(desired: UnstructuredObject, observed: UnstructuredObject): UnstructuredObject {
  const [wanted, live] = [fieldsOf(desired.spec), fieldsOf(observed.spec)];
  return {
    ...desired,
    spec: {
      ...keep(wanted, live, ['nodeName', 'serviceAccountName', 'volumes']),
      containers: keepMounts(wanted.containers, live.containers),
      ...(wanted.initContainers ? { initContainers: keepMounts(wanted.initContainers, live.initContainers) } : {}),
    },
  };
}

function podHealthy(pod: UnstructuredObject): boolean {
  const status = fieldsOf(pod.status);
  if (status.phase === 'Succeeded') return true;
  const conditions = (status.conditions ?? []) as readonly Condition[];
  return status.phase === 'Running' && conditions.some((each) => each.type === 'Ready' && each.status === 'True');
}

export const podInterpreter: KindInterpreter = {
  getReplicas: (pod) => {
    const requirements = requirementsOf({
      spec: pod.spec as NonNullable<Parameters<typeof requirementsOf>[0]>['spec'],
    });
    return { replicas: 1, ...(requirements ? { requirements } : {}) };
  },
  retain: retainPod,
  interpretHealth: (pod) => (podHealthy(pod) ? 'Healthy' : 'Unhealthy'),
};

export const secretInterpreter: KindInterpreter = {
  retain: (desired, observed) =>
    observed.type === 'kubernetes.io/service-account-token' && observed.data
      ? { ...desired, data: observed.data }
      : desired,
};

export const serviceAccountInterpreter: KindInterpreter = {
  retain: (desired, observed) => ({
    ...desired,
    ...(observed.secrets ? { secrets: mergeByName(desired.secrets, observed.secrets) } : {}),
    ...(observed.imagePullSecrets
      ? { imagePullSecrets: mergeByName(desired.imagePullSecrets, observed.imagePullSecrets) }
      : {}),
  }),
};

export const persistentVolumeClaimInterpreter: KindInterpreter = {
  retain: (desired, observed) => ({ ...desired, spec: keep(desired.spec, observed.spec, ['volumeName']) }),
  interpretHealth: (claim) => (fieldsOf(claim.status).phase === 'Bound' ? 'Healthy' : 'Unhealthy'),
};

export const podDisruptionBudgetInterpreter: KindInterpreter = {
  interpretHealth: (budget) => {
    const { currentHealthy, desiredHealthy } = fieldsOf(budget.status);
    return Number(currentHealthy ?? 0) >= Number(desiredHealthy ?? 0) ? 'Healthy' : 'Unhealthy';
  },
};

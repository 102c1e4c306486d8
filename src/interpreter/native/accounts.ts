/** Secret and ServiceAccount: tokens are made by each cluster for itself. */
import type { KindInterpreter } from '../interpreter.ts';
import { fieldsOf } from './fields.ts';

/** Both lists, each name once, the desired ones first. */
function mergeByName(desired: unknown, observed: unknown): readonly unknown[] {
  const wanted = (desired ?? []) as readonly unknown[];
  const names = new Set(wanted.map((each) => fieldsOf(each).name));
  return [...wanted, ...((observed ?? []) as readonly unknown[]).filter((each) => !names.has(fieldsOf(each).name))];
}

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

/** Several customizations of one kind as one (compatibility.md section 6.2). Pure. */
import type { ResourceInterpreterCustomization } from '#apis/config/customization.ts';
import { mergedDependencies } from '../answers.ts';
import type { KindInterpreter } from '../interpreter.ts';

export const targetKey = (apiVersion: string, kind: string): string => `${apiVersion}/${kind}`;

/** Of an operation that several tell the last one counts; what each says an object depends on adds up. */
function merged(earlier: KindInterpreter | undefined, later: KindInterpreter): KindInterpreter {
  if (!earlier) return later;
  const [first, second] = [earlier.getDependencies, later.getDependencies];
  if (!first || !second) return { ...earlier, ...later };
  return {
    ...earlier,
    ...later,
    getDependencies: async (template) => mergedDependencies([...(await first(template)), ...(await second(template))]),
  };
}

/** By target, customizations in the order of their names. */
export function mergeCustomizations(
  customizations: readonly ResourceInterpreterCustomization[],
  interpreterOf: (customization: ResourceInterpreterCustomization) => KindInterpreter,
): ReadonlyMap<string, KindInterpreter> {
  const byTarget = new Map<string, KindInterpreter>();
  const sorted = customizations.toSorted((a, b) => (a.metadata.name! < b.metadata.name! ? -1 : 1));
  for (const customization of sorted) {
    const { apiVersion, kind } = customization.spec.target;
    const key = targetKey(apiVersion, kind);
    byTarget.set(key, merged(byTarget.get(key), interpreterOf(customization)));
  }
  return byTarget;
}

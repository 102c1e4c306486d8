/** What of ours an object carries that it did not carry before. Pure. */
import { manifestAnnotations } from '#apis/names/annotations.ts';
import { manifestLabels } from '#apis/names/labels.ts';
import { isOfUs } from '#flow/4-execute/plan/managers.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import { planLabel } from '../policies.ts';

const ourLabels: readonly string[] = [...manifestLabels, planLabel];
/** Finalizers of ours are named like our labels. */
const ourFinalizer = /(^|\.)(karmada|flotilla)\.io\//;

export function leftOn(live: UnstructuredObject, before: UnstructuredObject | undefined): readonly string[] {
  const [now, then] = [live.metadata, before?.metadata];
  const strange = (what: string, keys: readonly string[], of: 'labels' | 'annotations') =>
    keys
      .filter((key) => now[of]?.[key] !== undefined && then?.[of]?.[key] === undefined)
      .map((key) => `${what} ${key}`);
  const isEntry = now.managedFields?.some(isOfUs) && !then?.managedFields?.some(isOfUs);
  return [
    ...strange('label', ourLabels, 'labels'),
    ...strange('annotation', manifestAnnotations, 'annotations'),
    ...(now.finalizers ?? [])
      .filter((each) => ourFinalizer.test(each) && !then?.finalizers?.includes(each))
      .map((each) => `finalizer ${each}`),
    ...(isEntry ? ['an entry of flotilla in managedFields'] : []),
  ];
}

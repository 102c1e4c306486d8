/** Pod templates: whether two say the same, and the short hash that names what is made of one. Pure. */
import type { PodTemplateSpec } from '#apis/kubernetes/types.ts';
import { deepEqual } from '#kube/meta/equal.ts';
import { fnv1a32, safeEncode } from '#kube/names/hash.ts';

export const templateHashLabel = 'pod-template-hash';

/** The template without the hash of itself, and without nulls that say nothing. */
function bare(template: PodTemplateSpec): PodTemplateSpec {
  const { labels, creationTimestamp: _, ...metadata } = template.metadata ?? {};
  const { [templateHashLabel]: __, ...others } = labels ?? {};
  return { ...template, metadata: { ...metadata, labels: others } };
}

export function sameTemplate(left: PodTemplateSpec | undefined, right: PodTemplateSpec | undefined): boolean {
  if (left === right) return true;
  return left !== undefined && right !== undefined && deepEqual(bare(left), bare(right));
}

/** JSON with sorted keys: the same text for the same value. */
function canonicalText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, field]) => `${JSON.stringify(name)}:${canonicalText(field)}`);
  return `{${fields.join(',')}}`;
}

/** At most 10 letters and digits; `collisions` makes another one when the first names something else already. */
export function shortHash(value: unknown, collisions = 0): string {
  const text = canonicalText(value);
  return safeEncode(String(fnv1a32(collisions > 0 ? `${text}${collisions}` : text)));
}

export const templateHash = (template: PodTemplateSpec, collisions?: number): string =>
  shortHash(bare(template), collisions);

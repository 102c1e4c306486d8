/**
 * What of a template a binding last carried on, as a short text in an annotation of the binding: by it a restarted
 * detector tells an edit from a status that was updated meanwhile, without rewriting every binding.
 */
import { seenTemplate } from '#apis/names/annotations.ts';
import { canonicalJson } from '#kube/fields/text.ts';
import type { JsonValue, KubeObject } from '#kube/meta/object.ts';
import { fnv1a32 } from '#kube/names/hash.ts';
import { ourMarks, usersPart } from './changes.ts';

const hashOf = (value: unknown): string => fnv1a32(canonicalJson(value as JsonValue)).toString(36);

/** A template is looked at more than once for each of its changes. */
const known = new WeakMap<KubeObject, string>();

/** `<generation>.<hash of what users state>.<hash of our marks>`; a changed spec always shows in the first. */
export function stampOf(template: KubeObject): string {
  let stamp = known.get(template);
  if (stamp === undefined) {
    const { generation = '' } = template.metadata;
    stamp = [generation, hashOf(usersPart(template)), hashOf(ourMarks(template))].join('.');
    known.set(template, stamp);
  }
  return stamp;
}

const stampOn = (binding: KubeObject): string => binding.metadata.annotations?.[seenTemplate] ?? '';

export const hasSeen = (binding: KubeObject, stamp: string): boolean => stampOn(binding) === stamp;

/** Has a user changed the template since? Our own marks on it are no change of theirs. */
export const hasSeenUsersPart = (binding: KubeObject, stamp: string): boolean =>
  stampOn(binding).split('.')[1] === stamp.split('.')[1];

/** Readers of members' objects: one for each connection, with each of its informers watched once. */
import { workName, workNamespace } from '#apis/names/annotations.ts';
import { keyFor } from '#kube/meta/key.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import type { Member } from './members.ts';
import { type TemplateReader, type TemplateSource, templateReader } from './template-reader.ts';

/** `watch` is called when an informer is first used; what it wires lasts as long as the connection. */
export function memberReaders(watch: (source: TemplateSource) => void): (member: Member) => TemplateReader {
  const readers = new WeakMap<Member, TemplateReader>();
  return (member) => {
    const known = readers.get(member);
    if (known) return known;
    const reader = templateReader(member.client, member.informers, member.mapper);
    const watched = new Set<TemplateSource>();
    const watching: TemplateReader = {
      ...reader,
      of: async (reference) => {
        const source = await reader.of(reference);
        if (source && !watched.has(source)) {
          watched.add(source);
          watch(source);
        }
        return source;
      },
    };
    readers.set(member, watching);
    return watching;
  };
}

/** Key of the Work that a member's object says it comes from. */
export function workKeyOf({ metadata: { annotations = {} } }: KubeObject): string | undefined {
  const [namespace, name] = [annotations[workNamespace], annotations[workName]];
  return namespace && name ? keyFor(namespace, name) : undefined;
}

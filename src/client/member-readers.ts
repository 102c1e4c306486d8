/** Readers of members' objects: one for each connection, with each of its informers watched once. */
import type { Member } from './members.ts';
import { type ObjectReference, type TemplateSource, templateReader } from './template-reader.ts';
import { syncedOnly } from './unsynced.ts';

export interface MemberReader {
  /** Undefined when the member does not serve the kind. */
  readonly find: (reference: Pick<ObjectReference, 'apiVersion' | 'kind'>) => Promise<TemplateSource | undefined>;
  /**
   * The same, with its informer synced. Throws Unsynced where that has no first list yet: one member that does not
   * answer must not hold the workers that others need.
   */
  readonly of: (reference: Pick<ObjectReference, 'apiVersion' | 'kind'>) => Promise<TemplateSource | undefined>;
}

/** `watch` is called when an informer is first used; what it wires lasts as long as the connection. */
export function memberReaders(
  watch: (cluster: string, source: TemplateSource) => void,
): (member: Member) => MemberReader {
  const readers = new WeakMap<Member, MemberReader>();
  return (member) => {
    const known = readers.get(member);
    if (known) return known;
    const reader = templateReader(member.client, member.informers, member.mapper);
    const watched = new Set<TemplateSource>();
    const watching: MemberReader = {
      find: reader.find,
      of: async (reference) => {
        const source = await reader.find(reference);
        if (!source) return undefined;
        if (!watched.has(source)) {
          watched.add(source);
          watch(member.name, source);
        }
        syncedOnly(member.name, source.resource.informer);
        return source;
      },
    };
    readers.set(member, watching);
    return watching;
  };
}

/** What `explain`'s one word asks for: a resource, perhaps with its group, and a path of fields below it. */
import type { DiscoveredResource, RestMapper } from '#client/mapper/mapper.ts';
import { groupResource } from '#kube/meta/kind.ts';
import { CommandError } from '../failure.ts';

export interface Asked {
  readonly resource: DiscoveredResource;
  readonly fields: readonly string[];
}

const step = /^(?:\.?([A-Za-z0-9_$/\\-]+)|\['([^']*)'\])/;

/** `a.b['c']` as its parts. Throws CommandError, in kubectl's words, for what is no plain path. */
function pathOf(text: string): readonly string[] {
  const trimmed = text.replace(/\.$/, '');
  const parts: string[] = [];
  let rest = trimmed;
  while (rest !== '') {
    const [all, plain, quoted] = step.exec(rest) ?? [];
    if (all === undefined || (parts.length === 0 && rest.startsWith('.'))) {
      const odd = /^\.?([^\s.[\]A-Za-z0-9_])/u.exec(rest)?.[1];
      if (odd === undefined) throw new CommandError('invalid jsonpath syntax, first node must be field node');
      const code = odd.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
      throw new CommandError(`unrecognized character in action: U+${code} '${odd}'`);
    }
    parts.push(plain ?? quoted ?? '');
    rest = rest.slice(all.length);
  }
  return parts;
}

/** `versioned`: the version is given apart; no group is looked for in the word then. Throws NotFound. */
export async function askedIn(mapper: RestMapper, text: string, versioned: boolean): Promise<Asked> {
  const [type = '', ...fields] = pathOf(text);
  const resource = await mapper.resolve(type);
  if (versioned) return { resource, fields };
  const sameName = (await mapper.preferred()).filter((each) => each.resource === resource.resource);
  for (const each of [resource, ...sameName]) {
    const full = groupResource(each);
    if (text === full || text.startsWith(`${full}.`))
      return { resource: each, fields: pathOf(text.slice(full.length + 1)) };
  }
  return { resource, fields };
}

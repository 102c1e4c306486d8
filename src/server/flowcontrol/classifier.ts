/** To which flow a request belongs. What can be known of a user is found once for each user value. */
import type { UserInfo } from '#kube/request/request.ts';
import type { Flow } from './flow.ts';
import { type Digest, matchEverything, rulesFor, rulesMatch } from './match.ts';
import type { PolicyRules } from './objects.ts';

interface Candidate {
  readonly flow: Flow;
  readonly rules: readonly PolicyRules[];
  readonly everything: boolean;
}

/** `digest` is asked only where the first schema that speaks of the user does not match everything. */
export type Classify = (user: UserInfo, digest: () => Digest) => Flow;

/** `flows` by precedence; `last` for a user nobody speaks of. */
export function classifier(flows: readonly Flow[], last: Flow): Classify {
  const known = new WeakMap<UserInfo, readonly Candidate[]>();

  const candidatesOf = (user: UserInfo): readonly Candidate[] => {
    const candidates: Candidate[] = [];
    for (const flow of flows) {
      const rules = rulesFor(flow.spec, user);
      if (rules.length === 0) continue;
      const everything = matchEverything(rules);
      candidates.push({ flow, rules, everything });
      if (everything) break;
    }
    known.set(user, candidates);
    return candidates;
  };

  return (user, digest) => {
    const candidates = known.get(user) ?? candidatesOf(user);
    let asked: Digest | undefined;
    for (const { flow, rules, everything } of candidates) {
      if (everything) return flow;
      asked ??= digest();
      if (rulesMatch(rules, asked)) return flow;
    }
    return last;
  };
}

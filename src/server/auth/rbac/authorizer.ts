/** RBAC: what is not granted is refused. Decisions are remembered per user until any grant changes. */
import { type PolicyRule, rulesAllow } from '#kube/rbac/evaluate.ts';
import type { UserInfo } from '#kube/request/request.ts';
import type { AccessAttributes, Authorizer, Decision } from '../authorizer.ts';
import type { Grants } from './grants.ts';
import { masters } from './objects.ts';

/** Decisions kept per user; a controller asks about some 50 resources in as many namespaces as there are: at 150 bytes 600 kB. */
const rememberedDecisions = 4_096;

interface Memory {
  readonly generation: number;
  readonly decisions: Map<string, Decision>;
}

const allowed: Decision = { allowed: true, reason: '' };

/** As apimachinery's aggregate prints errors. */
const aggregated = (texts: readonly string[]): string =>
  texts.length > 1 ? `[${texts.join(', ')}]` : (texts[0] ?? '');

function decide(grants: Grants, attributes: AccessAttributes): Decision {
  const missing = new Set<string>();
  for (const grant of grants.of(attributes.user, attributes.namespace ?? '', (text) => missing.add(text))) {
    if (rulesAllow(grant.rules, attributes)) return { allowed: true, reason: `RBAC: allowed by ${grant.describe()}` };
  }
  const texts = [...missing];
  if (texts.length === 0) return { allowed: false, reason: '' };
  return { allowed: false, reason: `RBAC: ${aggregated(texts)}` };
}

/** By value: most users are one object per connection or per controller, but nothing depends on it. */
export function rbacAuthorizer(grants: Grants): Authorizer {
  const memories = new WeakMap<UserInfo, Memory>();

  const memoryOf = (user: UserInfo): Memory => {
    const generation = grants.generation();
    const known = memories.get(user);
    if (known?.generation === generation) return known;
    const fresh = { generation, decisions: new Map<string, Decision>() };
    memories.set(user, fresh);
    return fresh;
  };

  const remember = ({ decisions }: Memory, key: string, decision: Decision): Decision => {
    if (decisions.size >= rememberedDecisions) decisions.clear();
    decisions.set(key, decision);
    return decision;
  };

  return {
    authorize: (attributes) => {
      const { user, verb, apiGroup, resource, subresource, namespace, name, nonResourceUrl } = attributes;
      if (user.groups.includes(masters)) return allowed;
      const memory = memoryOf(user);
      const what =
        nonResourceUrl === undefined
          ? `${apiGroup} ${resource}/${subresource ?? ''} ${namespace ?? ''}`
          : nonResourceUrl;
      const key = `${verb} ${what}`;
      const known = memory.decisions.get(key);
      if (known?.allowed) return known;
      // What is allowed for any name is asked first: it holds for all of them, and names are too many to remember.
      const unnamed = known ?? remember(memory, key, decide(grants, { ...attributes, name: '' }));
      return unnamed.allowed || !name ? unnamed : decide(grants, attributes);
    },
    rulesFor: (user, namespace) => {
      const missing = new Set<string>();
      const rules: PolicyRule[] = [];
      for (const grant of grants.of(user, namespace, (text) => missing.add(text))) rules.push(...grant.rules);
      return { rules, incomplete: false, error: aggregated([...missing]) };
    },
  };
}

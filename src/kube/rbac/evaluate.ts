/** What RBAC rules allow: pure, for one request and the rules that are bound to its user. */

/** rbac.authorization.k8s.io PolicyRule. */
export interface PolicyRule {
  readonly verbs: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
}

export interface AccessAttributes {
  readonly verb: string;
  /** '' for the core group. */
  readonly apiGroup?: string;
  readonly resource?: string;
  readonly subresource?: string;
  readonly name?: string;
  /** The path of a request that is not for a resource; then only `verb` counts besides. */
  readonly nonResourceUrl?: string;
}

const all = '*';

/** True when one rule allows the request; rules only ever add. */
export function rulesAllow(rules: readonly PolicyRule[], attributes: AccessAttributes): boolean {
  for (const rule of rules) if (ruleAllows(rule, attributes)) return true;
  return false;
}

function ruleAllows(rule: PolicyRule, attributes: AccessAttributes): boolean {
  const { verb, apiGroup = '', name = '', nonResourceUrl } = attributes;
  if (!listed(rule.verbs, verb)) return false;
  if (nonResourceUrl !== undefined) return (rule.nonResourceURLs ?? []).some((url) => urlCovers(url, nonResourceUrl));
  const { resourceNames } = rule;
  return (
    listed(rule.apiGroups, apiGroup) &&
    resourceListed(rule.resources, attributes) &&
    (!resourceNames || resourceNames.length === 0 || resourceNames.includes(name))
  );
}

const listed = (entries: readonly string[] | undefined, value: string): boolean =>
  entries !== undefined && (entries.includes(all) || entries.includes(value));

// `*` is every resource with its subresources, `*/scale` that subresource of every resource.
function resourceListed(
  entries: readonly string[] | undefined,
  { resource = '', subresource }: AccessAttributes,
): boolean {
  if (!entries) return false;
  const combined = subresource ? `${resource}/${subresource}` : resource;
  for (const entry of entries) {
    if (entry === all || entry === combined) return true;
    if (subresource && entry.startsWith('*/') && entry.slice(2) === subresource) return true;
  }
  return false;
}

/** A trailing `*` covers what begins so. */
function urlCovers(rule: string, url: string): boolean {
  if (rule === all || rule === url) return true;
  return rule.endsWith(all) && url.startsWith(rule.replace(/\*+$/, ''));
}

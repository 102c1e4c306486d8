/** Whether somebody's rules hold everything other rules would give (component-helpers' rbac validation). */
import type { PolicyRule } from '#kube/rbac/evaluate.ts';

const all = '*';
const hasAll = (entries: readonly string[] | undefined, wanted: readonly string[] | undefined) =>
  (entries ?? []).includes(all) || (wanted ?? []).every((entry) => (entries ?? []).includes(entry));

function resourceCovers(entries: readonly string[], wanted: string): boolean {
  if (entries.includes(all) || entries.includes(wanted)) return true;
  const slash = wanted.indexOf('/');
  return slash > 0 && entries.includes(`*${wanted.slice(slash)}`);
}

function namesCover(owned: readonly string[] | undefined, wanted: readonly string[] | undefined): boolean {
  if (!owned || owned.length === 0) return true;
  return wanted !== undefined && wanted.length > 0 && wanted.every((name) => owned.includes(name));
}

function urlCovers(owned: string, wanted: string): boolean {
  return owned === all || owned === wanted || (owned.endsWith(all) && wanted.startsWith(owned.slice(0, -1)));
}

function ruleCovers(owned: PolicyRule, wanted: PolicyRule): boolean {
  return (
    hasAll(owned.verbs, wanted.verbs) &&
    hasAll(owned.apiGroups, wanted.apiGroups) &&
    (wanted.resources ?? []).every((resource) => resourceCovers(owned.resources ?? [], resource)) &&
    namesCover(owned.resourceNames, wanted.resources ? wanted.resourceNames : owned.resourceNames) &&
    (wanted.nonResourceURLs ?? []).every((url) => (owned.nonResourceURLs ?? []).some((own) => urlCovers(own, url)))
  );
}

/** One verb on one resource, name or path each. */
function* singleRules(rule: PolicyRule): Generator<PolicyRule> {
  for (const verb of rule.verbs) {
    for (const url of rule.nonResourceURLs ?? []) yield { verbs: [verb], nonResourceURLs: [url] };
    for (const group of rule.apiGroups ?? []) {
      for (const resource of rule.resources ?? []) {
        const base = { verbs: [verb], apiGroups: [group], resources: [resource] };
        if (!rule.resourceNames?.length) yield base;
        else for (const name of rule.resourceNames) yield { ...base, resourceNames: [name] };
      }
    }
  }
}

/** What of `wanted` nothing in `owned` gives, verb by verb; empty when all is covered. */
export function uncovered(owned: readonly PolicyRule[], wanted: readonly PolicyRule[]): readonly PolicyRule[] {
  const missing: PolicyRule[] = [];
  for (const rule of wanted) {
    if (owned.some((own) => ruleCovers(own, rule))) continue;
    for (const single of singleRules(rule)) {
      if (!owned.some((own) => ruleCovers(own, single))) missing.push(single);
    }
  }
  return missing;
}

const list = (entries: readonly string[]) => `[${entries.map((entry) => JSON.stringify(entry)).join(' ')}]`;

/** `{APIGroups:["apps"], Resources:["deployments"], Verbs:["get" "list"]}`. */
export function ruleText(rule: PolicyRule): string {
  const parts: string[] = [];
  if (rule.apiGroups?.length) parts.push(`APIGroups:${list(rule.apiGroups)}`);
  if (rule.resources?.length) parts.push(`Resources:${list(rule.resources)}`);
  if (rule.nonResourceURLs?.length) parts.push(`NonResourceURLs:${list(rule.nonResourceURLs)}`);
  if (rule.resourceNames?.length) parts.push(`ResourceNames:${list(rule.resourceNames)}`);
  if (rule.verbs.length > 0) parts.push(`Verbs:${list(rule.verbs)}`);
  return `{${parts.join(', ')}}`;
}

/** Joins the verbs of resource rules that differ in nothing else, so that a refusal can be read; URLs stay as they are. */
export function compactRules(rules: readonly PolicyRule[]): readonly PolicyRule[] {
  const compact = new Map<string, PolicyRule>();
  for (const rule of rules) {
    const key = JSON.stringify(rule.nonResourceURLs ? rule : { ...rule, verbs: [] });
    const known = compact.get(key);
    if (!known) compact.set(key, rule);
    else if (!known.verbs.includes(rule.verbs[0]!))
      compact.set(key, { ...known, verbs: [...known.verbs, ...rule.verbs] });
  }
  return [...compact.values()];
}

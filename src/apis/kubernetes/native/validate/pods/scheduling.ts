/** Where a Pod may run: affinity to other Pods, tolerations, spreading. */
import { dns1123Label, labelValue, qualifiedName } from '#kube/names/validate.ts';
import { duplicateValue, forbiddenField, invalidValue, requiredValue, unsupportedValue } from '#kube/status/causes.ts';
import { type Fields, fieldsOf, isFields, itemsOf, textOf } from '../../value.ts';
import { type Findings, positive, texts } from '../findings.ts';
import { checkLabelSelector } from '../labels.ts';
import { checkNodeAffinity, checkWeight } from './node-affinity.ts';

export function checkAffinity(findings: Findings, path: string, affinity: unknown): void {
  if (!isFields(affinity)) return;
  if (isFields(affinity.nodeAffinity)) checkNodeAffinity(findings, `${path}.nodeAffinity`, affinity.nodeAffinity);
  for (const name of ['podAffinity', 'podAntiAffinity']) {
    if (isFields(affinity[name])) checkPodAffinity(findings, `${path}.${name}`, affinity[name]);
  }
}

function checkPodAffinity(findings: Findings, path: string, affinity: Fields): void {
  for (const [index, term] of itemsOf(affinity.requiredDuringSchedulingIgnoredDuringExecution).entries()) {
    checkAffinityTerm(findings, `${path}.requiredDuringSchedulingIgnoredDuringExecution[${index}]`, term);
  }
  for (const [index, each] of itemsOf(affinity.preferredDuringSchedulingIgnoredDuringExecution).entries()) {
    const at = `${path}.preferredDuringSchedulingIgnoredDuringExecution[${index}]`;
    checkWeight(findings, at, each.weight);
    checkAffinityTerm(findings, `${at}.podAffinityTerm`, fieldsOf(each.podAffinityTerm));
  }
}

function checkAffinityTerm(findings: Findings, path: string, term: Fields): void {
  checkLabelSelector(findings, `${path}.labelSelector`, term.labelSelector);
  checkLabelSelector(findings, `${path}.namespaceSelector`, term.namespaceSelector);
  for (const name of itemsOf(term.namespaces) as readonly unknown[]) {
    texts(findings, `${path}.namespace`, name, dns1123Label(textOf(name)));
  }
  checkLabelKeys(findings, path, term);
  const key = textOf(term.topologyKey);
  if (key === '') findings.push(requiredValue(`${path}.topologyKey`, 'can not be empty'));
  texts(findings, `${path}.topologyKey`, key, qualifiedName(key));
}

/** matchLabelKeys and mismatchLabelKeys add to a selector, so there must be one. */
function checkLabelKeys(findings: Findings, path: string, term: Fields): void {
  const matching = itemsOf(term.matchLabelKeys) as readonly unknown[];
  const mismatching = itemsOf(term.mismatchLabelKeys) as readonly unknown[];
  for (const [name, keys] of [
    ['matchLabelKeys', matching],
    ['mismatchLabelKeys', mismatching],
  ] as const) {
    if (keys.length === 0) continue;
    if (!isFields(term.labelSelector)) {
      findings.push(forbiddenField(`${path}.${name}`, 'must not be specified when labelSelector is not set'));
      continue;
    }
    for (const [index, key] of keys.entries()) {
      texts(findings, `${path}.${name}[${index}]`, key, qualifiedName(textOf(key)));
    }
    if (name === 'matchLabelKeys') checkSelected(findings, path, term, keys);
  }
  for (const [index, key] of matching.entries()) {
    if (!mismatching.includes(key)) continue;
    const why = 'exists in both matchLabelKeys and mismatchLabelKeys';
    findings.push(invalidValue(`${path}.matchLabelKeys[${index}]`, key, why));
  }
}

/** The keys stand for a selector's requirements, which must not be there already. The path has no list, as the real one. */
function checkSelected(findings: Findings, path: string, term: Fields, keys: readonly unknown[]): void {
  const { matchLabels, matchExpressions } = fieldsOf(term.labelSelector);
  const selected = new Set([...Object.keys(fieldsOf(matchLabels)), ...itemsOf(matchExpressions).map(({ key }) => key)]);
  for (const [index, key] of keys.entries()) {
    if (!selected.has(key as string)) continue;
    findings.push(invalidValue(`${path}[${index}]`, key, 'exists in both matchLabelKeys and labelSelector'));
  }
}

const effects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

/** Of taints, which need one, and of tolerations, where none means all. */
export function checkEffect(findings: Findings, path: string, effect: unknown): void {
  if (!effects.includes(effect as string)) findings.push(unsupportedValue(path, effect, effects));
}

export function checkTolerations(findings: Findings, path: string, tolerations: readonly Fields[]): void {
  for (const [index, toleration] of tolerations.entries()) {
    const at = `${path}[${index}]`;
    const key = textOf(toleration.key);
    const operator = textOf(toleration.operator);
    const effect = textOf(toleration.effect);
    if (key !== '') texts(findings, `${at}.key`, key, qualifiedName(key));
    else if (operator !== 'Exists') {
      const why = 'operator must be Exists when `key` is empty, which means "match all values and all keys"';
      findings.push(invalidValue(`${at}.operator`, operator, why));
    }
    if (typeof toleration.tolerationSeconds === 'number' && effect !== 'NoExecute') {
      const why = "effect must be 'NoExecute' when `tolerationSeconds` is set";
      findings.push(invalidValue(`${at}.effect`, effect, why));
    }
    checkTolerated(findings, `${at}.operator`, operator, textOf(toleration.value));
    if (effect !== '') checkEffect(findings, `${at}.effect`, effect);
  }
}

function checkTolerated(findings: Findings, path: string, operator: string, value: string): void {
  if (operator === '' || operator === 'Equal') {
    const wrong = labelValue(value);
    if (wrong.length > 0) findings.push(invalidValue(path, value, wrong.join(';')));
  } else if (operator === 'Exists') {
    if (value !== '') findings.push(invalidValue(path, value, "value must be empty when `operator` is 'Exists'"));
  } else {
    const numeric = operator === 'Lt' || operator === 'Gt';
    findings.push(unsupportedValue(path, operator, numeric ? ['Equal', 'Exists', 'Lt', 'Gt'] : ['Equal', 'Exists']));
  }
}

const actions = ['DoNotSchedule', 'ScheduleAnyway'];
const policies = ['Honor', 'Ignore'];

export function checkSpreading(findings: Findings, path: string, constraints: readonly Fields[]): void {
  for (const [index, constraint] of constraints.entries()) {
    const at = `${path}[${index}]`;
    const key = textOf(constraint.topologyKey);
    const action = textOf(constraint.whenUnsatisfiable);
    positive(findings, `${at}.maxSkew`, constraint.maxSkew);
    if (key === '') findings.push(requiredValue(`${at}.topologyKey`, 'can not be empty'));
    if (!actions.includes(action)) findings.push(unsupportedValue(`${at}.whenUnsatisfiable`, action, actions));
    if (constraints.slice(index + 1).some((one) => one.topologyKey === key && one.whenUnsatisfiable === action)) {
      findings.push(duplicateValue(`${at}.{topologyKey, whenUnsatisfiable}`, `{${key}, ${action}}`));
    }
    if (typeof constraint.minDomains === 'number') {
      positive(findings, `${at}.minDomains`, constraint.minDomains);
      if (action !== 'DoNotSchedule') {
        const why = `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${action}`;
        findings.push(invalidValue(`${at}.minDomains`, constraint.minDomains, why));
      }
    }
    for (const name of ['nodeAffinityPolicy', 'nodeTaintsPolicy']) {
      const policy = constraint[name];
      if (typeof policy === 'string' && !policies.includes(policy)) {
        findings.push(unsupportedValue(`${at}.${name}`, policy, ['Honor', 'Ignore']));
      }
    }
    checkLabelKeys(findings, at, constraint);
    checkLabelSelector(findings, `${at}.labelSelector`, constraint.labelSelector);
  }
}

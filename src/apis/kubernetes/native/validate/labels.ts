/** Labels, annotations and label selectors inside an object; its own metadata is the registry's. */
import { labelValue, qualifiedName } from '#kube/names/validate.ts';
import { labelSelectorMatcher } from '#kube/selector/labels.ts';
import { forbiddenField, invalidValue, requiredValue, tooLong } from '#kube/status/causes.ts';
import { type Fields, fieldsOf, isFields, itemsOf, textOf } from '../value.ts';
import { type Findings, texts } from './findings.ts';

/** All annotations of an object together: 256 KiB. */
const annotationsLimit = 262_144;

export function checkLabels(findings: Findings, path: string, labels: unknown): void {
  for (const [key, value] of Object.entries(fieldsOf(labels))) {
    texts(findings, path, key, qualifiedName(key));
    texts(findings, path, value, labelValue(textOf(value)));
  }
}

export function checkAnnotations(findings: Findings, path: string, annotations: unknown): void {
  let size = 0;
  for (const [key, value] of Object.entries(fieldsOf(annotations))) {
    texts(findings, path, key, qualifiedName(key.toLowerCase()));
    size += key.length + textOf(value).length;
  }
  if (size > annotationsLimit) findings.push(tooLong(path, annotationsLimit));
}

export function checkLabelSelector(findings: Findings, path: string, selector: unknown): void {
  if (!isFields(selector)) return;
  checkLabels(findings, `${path}.matchLabels`, selector.matchLabels);
  for (const [index, each] of itemsOf(selector.matchExpressions).entries()) {
    checkRequirement(findings, `${path}.matchExpressions[${index}]`, each);
  }
}

function checkRequirement(findings: Findings, path: string, requirement: Fields): void {
  const values = itemsOf(requirement.values) as readonly unknown[];
  switch (requirement.operator) {
    case 'In':
    case 'NotIn':
      if (values.length === 0) {
        findings.push(requiredValue(`${path}.values`, "must be specified when `operator` is 'In' or 'NotIn'"));
      }
      break;
    case 'Exists':
    case 'DoesNotExist':
      if (values.length > 0) {
        findings.push(
          forbiddenField(`${path}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"),
        );
      }
      break;
    default:
      findings.push(invalidValue(`${path}.operator`, requirement.operator, 'not a valid selector operator'));
  }
  texts(findings, `${path}.key`, requirement.key, qualifiedName(textOf(requirement.key)));
  for (const [index, value] of values.entries()) {
    texts(findings, `${path}.values[${index}]`, value, labelValue(textOf(value)));
  }
}

/** Whether a valid selector says anything; {} selects everything. */
export function isEmptySelector(selector: unknown): boolean {
  const { matchLabels, matchExpressions } = fieldsOf(selector);
  return Object.keys(fieldsOf(matchLabels)).length === 0 && itemsOf(matchExpressions).length === 0;
}

/** Whether a selector selects these labels; one that cannot be read is somebody else's finding. */
export function selects(selector: unknown, labels: unknown): boolean {
  const { matchLabels, matchExpressions } = fieldsOf(selector);
  const given = fieldsOf(labels) as Readonly<Record<string, string>>;
  const wanted = fieldsOf(matchLabels);
  for (const key in wanted) if (given[key] !== wanted[key]) return false;
  if (itemsOf(matchExpressions).length === 0) return true;
  try {
    return labelSelectorMatcher(fieldsOf(selector)).matches(given);
  } catch {
    return true;
  }
}

/** A map as Go prints it: keys sorted. */
export function shownMap(value: unknown): Fields | null {
  if (!isFields(value)) return null;
  return Object.fromEntries(Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1)));
}

/** A selector as Go prints it. */
export function shownSelector(selector: unknown): Fields | null {
  if (!isFields(selector)) return null;
  const { matchLabels, matchExpressions } = selector;
  return {
    ...(isFields(matchLabels) ? { matchLabels: shownMap(matchLabels) } : {}),
    ...(Array.isArray(matchExpressions) ? { matchExpressions: itemsOf(matchExpressions).map(shownRequirement) } : {}),
  };
}

const shownRequirement = ({ key, operator, values }: Fields): Fields => ({
  key,
  operator,
  ...(values === undefined ? {} : { values }),
});

/**
 * Label selectors in both forms: the text of `kubectl -l` and of list requests, and the structure in objects
 * (metav1.LabelSelector). Errors are those of kube-apiserver.
 */
import { badRequest } from '../status/errors.ts';
import { readRequirements } from './parse.ts';
import { type LabelOperator, type LabelRequirement, requirementError } from './requirement.ts';

export interface LabelMatcher {
  readonly matches: (labels: Readonly<Record<string, string>> | undefined) => boolean;
  /** True when everything matches. */
  readonly empty: boolean;
  /** The canonical text; two selectors with the same text match the same labels. */
  readonly text: string;
}

/** metav1.LabelSelector. */
export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
}

const everything: LabelMatcher = { matches: () => true, empty: true, text: '' };
const nothing: LabelMatcher = { matches: () => false, empty: false, text: '' };

/** Throws BadRequest on what the grammar or the label rules refuse; an empty text matches everything. */
export function parseLabelSelector(text: string): LabelMatcher {
  if (text === '') return everything;
  return matcherOf(readRequirements(text));
}

const structured: Readonly<Record<string, LabelOperator>> = {
  In: 'in',
  NotIn: 'notin',
  Exists: 'exists',
  DoesNotExist: '!',
};

/** undefined matches nothing, `{}` everything. Throws BadRequest on an operator or a value that no selector may have. */
export function labelSelectorMatcher(selector: LabelSelector | undefined): LabelMatcher {
  if (selector === undefined) return nothing;
  const requirements: LabelRequirement[] = [];
  for (const [key, value] of Object.entries(selector.matchLabels ?? {})) {
    requirements.push(checked({ key, operator: '=', values: [value] }));
  }
  for (const { key, operator, values = [] } of selector.matchExpressions ?? []) {
    const known = structured[operator];
    if (!known) throw badRequest(`"${operator}" is not a valid label selector operator`);
    requirements.push(checked({ key, operator: known, values }));
  }
  return matcherOf(requirements);
}

/** As tables and `describe` show a selector: `<none>` when it restricts nothing. */
export function formatLabelSelector(selector: LabelSelector | undefined): string {
  return labelSelectorMatcher(selector).text || '<none>';
}

/** The requirement itself, or BadRequest with all that is wrong with it. */
function checked(requirement: LabelRequirement): LabelRequirement {
  const error = requirementError(requirement);
  if (error) throw badRequest(error);
  return requirement;
}

function matcherOf(requirements: readonly LabelRequirement[]): LabelMatcher {
  if (requirements.length === 0) return everything;
  const sorted = requirements.toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  return {
    matches: testOf(sorted),
    empty: false,
    text: sorted.map(textOf).join(','),
  };
}

type Labels = Readonly<Record<string, string>>;
const none: Labels = {};

/** One label with one value is what nearly all selectors ask for, of each object of a list. */
function testOf(requirements: readonly LabelRequirement[]): LabelMatcher['matches'] {
  const [{ key, operator, values }, ...more] = requirements as [LabelRequirement, ...LabelRequirement[]];
  const [value] = values;
  // What every object inherits is no text, so it need not be told from labels.
  if (more.length === 0 && (operator === '=' || operator === '==')) return (labels) => labels?.[key] === value;
  return (labels = none) => {
    for (const requirement of requirements) if (!meets(labels, requirement)) return false;
    return true;
  };
}

function meets(labels: Labels, { key, operator, values }: LabelRequirement): boolean {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case 'in':
    case '=':
    case '==':
      return value !== undefined && values.includes(value);
    case 'notin':
    case '!=':
      return value === undefined || !values.includes(value);
    case 'exists':
      return value !== undefined;
    case '!':
      return value === undefined;
    case 'gt':
    case 'lt': {
      if (value === undefined || !integer.test(value)) return false;
      const [actual, bound] = [BigInt(value), BigInt(values[0]!.replace('+', ''))];
      return operator === 'gt' ? actual > bound : actual < bound;
    }
  }
}

/** What Go's ParseInt takes; BigInt refuses the plus sign. */
const integer = /^-?\d+$/;

function textOf({ key, operator, values }: LabelRequirement): string {
  switch (operator) {
    case 'exists':
      return key;
    case '!':
      return `!${key}`;
    case 'gt':
    case 'lt':
      return `${key}${operator === 'gt' ? '>' : '<'}${values[0]}`;
    case 'in':
    case 'notin':
      return `${key} ${operator} (${values.toSorted().join(',')})`;
    default:
      return `${key}${operator}${values[0]}`;
  }
}

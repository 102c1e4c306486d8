/** What of a question could not be understood, though it was answered: `evaluationError` of an access review. */
import { parseFieldSelector } from '#kube/selector/fields.ts';
import { labelSelectorMatcher, parseLabelSelector } from '#kube/selector/labels.ts';
import type { AccessSpec, SelectorAttributes } from './spec.ts';

/** Whether all, some or nothing of a selector was understood. */
type Understood = 'all' | 'some' | 'none';

function reads(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch {
    return false;
  }
}

function understood(selector: SelectorAttributes, parse: (text: string) => unknown, one: Reads): Understood {
  const { rawSelector, requirements = [] } = selector;
  if (rawSelector) return reads(() => parse(rawSelector)) ? 'all' : 'none';
  const good = requirements.filter(one).length;
  return good === requirements.length ? 'all' : good > 0 ? 'some' : 'none';
}

type Reads = (requirement: NonNullable<SelectorAttributes['requirements']>[number]) => boolean;

const fieldReads: Reads = ({ operator, values = [] }) =>
  (operator === 'In' || operator === 'NotIn') && values.length === 1;

const labelReads: Reads = ({ key = '', operator = '', values = [] }) =>
  reads(() => labelSelectorMatcher({ matchExpressions: [{ key, operator, values: [...values] }] }));

function text(kind: 'field' | 'label', how: Understood): readonly string[] {
  if (how === 'all') return [];
  return [`spec.resourceAttributes.${kind}Selector ${how === 'some' ? 'partially ' : ''}ignored due to parse error`];
}

/** '' where all was understood. */
export function evaluationError({ resourceAttributes }: AccessSpec): string {
  const { fieldSelector, labelSelector } = resourceAttributes ?? {};
  return [
    ...(fieldSelector ? text('field', understood(fieldSelector, parseFieldSelector, fieldReads)) : []),
    ...(labelSelector ? text('label', understood(labelSelector, parseLabelSelector, labelReads)) : []),
  ].join('; ');
}

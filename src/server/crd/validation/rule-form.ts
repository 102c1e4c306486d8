/** x-kubernetes-validations as they are written: what must be given, on one line, and lead somewhere. */
import { invalidValue, requiredValue, unsupportedValue } from '#kube/status/causes.ts';
import type { StatusCause } from '#kube/status/status.ts';
import { findField } from './field-path.ts';
import { isObject, listOf, type Props, textOf } from './props.ts';
import { canBeStructural } from './structural.ts';

const reasons = ['FieldValueDuplicate', 'FieldValueForbidden', 'FieldValueInvalid', 'FieldValueRequired'];

const hasLineBreak = (text: string) => /[\n\r]/.test(text);

const rulesOf = (props: Props): readonly Props[] => listOf(props['x-kubernetes-validations']).filter(isObject);

export function ruleFormCauses(props: Props, path: string): readonly StatusCause[] {
  return rulesOf(props).flatMap((rule, index) => oneRule(rule, props, `${path}.x-kubernetes-validations[${index}]`));
}

function oneRule(rule: Props, props: Props, path: string): readonly StatusCause[] {
  const causes: StatusCause[] = [...messageCauses(rule, path)];
  const messageExpression = textOf(rule.messageExpression);
  const fieldPath = textOf(rule.fieldPath);
  if (messageExpression !== '' && messageExpression.trim() === '') {
    const detail = 'messageExpression must be non-empty if specified';
    causes.push(requiredValue(`${path}.messageExpression`, detail));
  }
  if (typeof rule.reason === 'string' && !reasons.includes(rule.reason))
    causes.push(unsupportedValue(`${path}.reason`, rule.reason, reasons));
  const refusePath = (detail: string) => causes.push(invalidValue(`${path}.fieldPath`, fieldPath, detail));
  if (fieldPath !== '' && fieldPath.trim() === '') refusePath('must be non-empty if specified');
  if (hasLineBreak(fieldPath)) refusePath('must not contain line breaks');
  if (fieldPath !== '' && canBeStructural(props) && typeof findField(fieldPath, props, true) === 'string')
    refusePath('must be a valid path');
  return causes;
}

function messageCauses(rule: Props, path: string): readonly StatusCause[] {
  const [text, message] = [textOf(rule.rule).trim(), textOf(rule.message)];
  const said = message.trim();
  if (text === '') return [requiredValue(`${path}.rule`, 'rule is not specified')];
  if (message !== '' && said === '')
    return [invalidValue(`${path}.message`, message, 'must be non-empty if specified')];
  if (hasLineBreak(said)) return [invalidValue(`${path}.message`, message, 'must not contain line breaks')];
  if (!hasLineBreak(text) || said !== '') return [];
  return [requiredValue(`${path}.message`, 'message must be specified if rule contains line breaks')];
}

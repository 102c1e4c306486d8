/** Taints and tolerations: which Pods a node turns away. The rules of Kubernetes' core/v1. Pure. */
import type { Taint, Toleration } from '../types.ts';

/** An empty key with Exists tolerates everything, an empty effect every effect. Gt and Lt compare whole numbers. */
export function tolerates(toleration: Toleration, taint: Taint): boolean {
  const { key = '', effect = '', operator = 'Equal', value = '' } = toleration;
  if (effect !== '' && effect !== taint.effect) return false;
  if (key !== '' && key !== taint.key) return false;
  switch (operator) {
    case 'Exists':
      return true;
    case 'Equal':
      return key !== '' && value === (taint.value ?? '');
    default:
      return compares(operator, taint.value ?? '', value);
  }
}

function compares(operator: 'Gt' | 'Lt', left: string, right: string): boolean {
  const [a, b] = [wholeNumber(left), wholeNumber(right)];
  if (a === undefined || b === undefined) return false;
  return operator === 'Gt' ? a > b : a < b;
}

const wholeNumber = (text: string): number | undefined => (/^[+-]?\d+$/.test(text) ? Number(text) : undefined);

/** The first taint of one of the effects that nothing tolerates. */
export function untolerated(
  taints: readonly Taint[] | undefined,
  tolerations: readonly Toleration[] | undefined,
  effects: readonly Taint['effect'][],
): Taint | undefined {
  return taints?.find(
    (taint) => effects.includes(taint.effect) && !tolerations?.some((toleration) => tolerates(toleration, taint)),
  );
}

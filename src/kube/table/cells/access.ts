/** Who may do what: role bindings, and the rules of admission. */
import { formatLabelSelector, type LabelSelector } from '../../selector/labels.ts';
import { ageOf, cellsOf, nameOf, unset, type View } from './cell.ts';

interface Binding extends View<unknown> {
  readonly roleRef?: { readonly kind: string; readonly name: string };
  readonly subjects?: readonly { readonly kind: string; readonly name: string; readonly namespace?: string }[];
}

/** RoleBinding and ClusterRoleBinding. */
export const bindingCells = cellsOf<Binding>((object, now) => {
  const { roleRef, subjects = [] } = object;
  const named = (kind: string) => subjects.filter((subject) => subject.kind === kind);
  return [
    nameOf(object),
    `${roleRef?.kind ?? ''}/${roleRef?.name ?? ''}`,
    ageOf(object, now),
    named('User')
      .map(({ name }) => name)
      .join(', '),
    named('Group')
      .map(({ name }) => name)
      .join(', '),
    named('ServiceAccount')
      .map(({ namespace = '', name }) => `${namespace}/${name}`)
      .join(', '),
  ];
});

/** MutatingWebhookConfiguration and ValidatingWebhookConfiguration. */
export const webhookCells = cellsOf<View<unknown> & { readonly webhooks?: readonly unknown[] }>((object, now) => [
  nameOf(object),
  object.webhooks?.length ?? 0,
  ageOf(object, now),
]);

interface PolicySpec {
  readonly validations?: readonly unknown[];
  readonly paramKind?: { readonly apiVersion?: string; readonly kind?: string };
}

export const admissionPolicyCells = cellsOf<View<PolicySpec>>((object, now) => {
  const { validations = [], paramKind } = object.spec ?? {};
  const parameters = paramKind ? `${paramKind.apiVersion ?? ''}/${paramKind.kind ?? ''}` : unset;
  return [nameOf(object), validations.length, parameters, ageOf(object, now)];
});

interface PolicyBindingSpec {
  readonly policyName?: string;
  readonly paramRef?: { readonly name?: string; readonly namespace?: string; readonly selector?: LabelSelector };
}

function parameterText({ paramRef }: PolicyBindingSpec): string {
  if (paramRef?.name) return `${paramRef.namespace || '*'}/${paramRef.name}`;
  return paramRef?.selector ? formatLabelSelector(paramRef.selector) : unset;
}

export const admissionPolicyBindingCells = cellsOf<View<PolicyBindingSpec>>((object, now) => {
  const { spec = {} } = object;
  return [nameOf(object), spec.policyName ?? '', parameterText(spec), ageOf(object, now)];
});

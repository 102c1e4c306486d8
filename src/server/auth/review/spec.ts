/** What an access review asks, held to apiserver's rules (apis/authorization/validation), and as attributes. */
import type { KubeObject } from '#kube/meta/object.ts';
import { qualifiedName } from '#kube/names/validate.ts';
import type { UserInfo } from '#kube/request/request.ts';
import { forbiddenField, invalidValue, requiredValue } from '#kube/status/causes.ts';
import { invalid } from '#kube/status/errors.ts';
import type { StatusCause } from '#kube/status/status.ts';
import type { AccessAttributes } from '../authorizer.ts';

interface Requirement {
  readonly key?: string;
  readonly operator?: string;
  readonly values?: readonly string[];
}

export interface SelectorAttributes {
  readonly rawSelector?: string;
  readonly requirements?: readonly Requirement[];
}

export interface ResourceAttributes {
  readonly namespace?: string;
  readonly verb?: string;
  readonly group?: string;
  readonly resource?: string;
  readonly subresource?: string;
  readonly name?: string;
  readonly fieldSelector?: SelectorAttributes;
  readonly labelSelector?: SelectorAttributes;
}

export interface AccessSpec {
  readonly resourceAttributes?: ResourceAttributes;
  readonly nonResourceAttributes?: { readonly path?: string; readonly verb?: string };
  readonly user?: string;
  readonly groups?: readonly string[];
  readonly uid?: string;
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

export interface AccessReview extends KubeObject {
  readonly spec?: AccessSpec;
}

/** Whose access: of the asker alone, of whoever is named, of those within the namespace it is asked in. */
export type ReviewScope = 'self' | 'subject' | 'local';

function* requirementCauses(kind: 'field' | 'label', path: string, requirement: Requirement): Generator<StatusCause> {
  const { key = '', operator, values = [] } = requirement;
  if (kind === 'field' && key === '') yield requiredValue(`${path}.key`, 'must be specified');
  // Operators that nobody knows yet are passed over: a newer client may ask.
  if ((operator === 'In' || operator === 'NotIn') && values.length === 0)
    yield requiredValue(`${path}.values`, "must be specified when `operator` is 'In' or 'NotIn'");
  if ((operator === 'Exists' || operator === 'DoesNotExist') && values.length > 0)
    yield forbiddenField(`${path}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
  if (kind === 'label') for (const text of qualifiedName(key)) yield invalidValue(`${path}.key`, key, text);
}

function* selectorCauses(kind: 'field' | 'label', selector: SelectorAttributes | undefined): Generator<StatusCause> {
  if (!selector) return;
  const path = `spec.resourceAttributes.${kind}Selector`;
  const { rawSelector = '', requirements = [] } = selector;
  if (rawSelector !== '' && requirements.length > 0)
    yield invalidValue(`${path}.rawSelector`, rawSelector, 'may not specified at the same time as requirements');
  if (rawSelector === '' && requirements.length === 0) {
    const why = `when ${path} is specified, requirements or rawSelector is required`;
    yield requiredValue(`${path}.requirements`, why);
  }
  for (const [index, requirement] of requirements.entries())
    yield* requirementCauses(kind, `${path}.requirements[${index}]`, requirement);
}

/** As Go writes the struct. */
const pathAndVerb = ({ path = '', verb = '' }: NonNullable<AccessSpec['nonResourceAttributes']>) => ({
  Path: path,
  Verb: verb,
});

function* specCauses(spec: AccessSpec, scope: ReviewScope): Generator<StatusCause> {
  const { resourceAttributes, nonResourceAttributes, user = '', groups = [] } = spec;
  if (resourceAttributes && nonResourceAttributes) {
    const why = 'cannot be specified in combination with resourceAttributes';
    yield invalidValue('spec.nonResourceAttributes', pathAndVerb(nonResourceAttributes), why);
  }
  if (!resourceAttributes && !nonResourceAttributes) {
    const why = 'exactly one of nonResourceAttributes or resourceAttributes must be specified';
    yield invalidValue('spec.resourceAttributes', null, why);
  }
  if (scope !== 'self' && user === '' && groups.length === 0)
    yield invalidValue('spec.user', '', 'at least one of user or group must be specified');
  yield* selectorCauses('field', resourceAttributes?.fieldSelector);
  yield* selectorCauses('label', resourceAttributes?.labelSelector);
}

/** The fields of ObjectMeta in the order in which Go writes them. */
const metadataFields = [
  'name',
  'generateName',
  'namespace',
  'selfLink',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'labels',
  'annotations',
  'ownerReferences',
  'finalizers',
  'managedFields',
] as const;

const asGoOrders = (metadata: KubeObject['metadata']) =>
  Object.fromEntries(metadataFields.flatMap((field) => (metadata[field] ? [[field, metadata[field]]] : [])));

function* causes({ metadata, spec = {} }: AccessReview, scope: ReviewScope): Generator<StatusCause> {
  yield* specCauses(spec, scope);
  const { managedFields: _fields, namespace = '', ...rest } = metadata;
  const local = scope === 'local';
  if (Object.values(rest).some((value) => value !== undefined) || (!local && namespace !== ''))
    yield invalidValue(
      'metadata',
      asGoOrders(metadata),
      local ? 'must be empty except for namespace' : 'must be empty',
    );
  if (!local) return;
  const { resourceAttributes, nonResourceAttributes } = spec;
  const asked = resourceAttributes?.namespace ?? '';
  if (resourceAttributes && asked !== namespace)
    yield invalidValue('spec.resourceAttributes.namespace', asked, 'must match metadata.namespace');
  if (nonResourceAttributes) {
    const why = 'disallowed on this kind of request';
    yield invalidValue('spec.nonResourceAttributes', pathAndVerb(nonResourceAttributes), why);
  }
}

/** Throws Invalid, of no kind, as apiserver's own does. */
export function requireQuestion(review: AccessReview, scope: ReviewScope): void {
  const found = [...causes(review, scope)];
  if (found.length > 0) throw invalid({ group: 'authorization.k8s.io', kind: '' }, '', found);
}

/** Fields have no operators but these two. */
function selectorText({ rawSelector, requirements = [] }: SelectorAttributes): string | undefined {
  if (rawSelector) return rawSelector;
  const parts = requirements.flatMap(({ key = '', operator, values = [] }) => {
    if (values.length !== 1 || (operator !== 'In' && operator !== 'NotIn')) return [];
    return [`${key}${operator === 'In' ? '=' : '!='}${values[0]!.replace(/[\\,=]/g, '\\$&')}`];
  });
  return parts.length > 0 ? parts.join(',') : undefined;
}

export function attributesIn(spec: AccessSpec, user: UserInfo): AccessAttributes {
  const { resourceAttributes, nonResourceAttributes } = spec;
  if (nonResourceAttributes)
    return { user, verb: nonResourceAttributes.verb ?? '', nonResourceUrl: nonResourceAttributes.path ?? '' };
  const { verb = '', group = '', resource = '', subresource, namespace, name, ...selectors } = resourceAttributes ?? {};
  const fieldSelector = selectors.fieldSelector && selectorText(selectors.fieldSelector);
  return {
    user,
    verb,
    apiGroup: group,
    resource,
    ...(subresource ? { subresource } : {}),
    ...(namespace ? { namespace } : {}),
    ...(name ? { name } : {}),
    ...(fieldSelector ? { fieldSelector } : {}),
  };
}

/** What is wrong with the expressions of a policy for the kinds its rules name: upstream's type checker. Pure. */
import { celTypeOf } from '#kube/cel/schema-type.ts';
import { type GroupVersionKind, parseApiVersion } from '#kube/meta/kind.ts';
import type { Schema } from '#kube/schema/schema.ts';
import { type Composition, compose, type ExpressionWarning, type NamedRule, type Policy } from './policy.ts';

export interface KnownKinds {
  readonly ofResource: (group: string, version: string, resource: string) => GroupVersionKind | undefined;
  readonly schemaOf: (kind: GroupVersionKind) => Schema | undefined;
}

/** As upstream: of the rest nothing is said. */
const mostKinds = 10;

const plain = (names: readonly string[] = []) => (names.some((name) => name.includes('*')) ? [] : [...names].sort());

/** Rules with wildcards are passed over, and so are subresources. */
function kindsOf(rules: readonly NamedRule[], known: KnownKinds): readonly GroupVersionKind[] {
  const found = new Map<string, GroupVersionKind>();
  for (const { apiGroups, apiVersions, resources = [] } of rules) {
    const names = resources.filter((name) => !/[*/]/.test(name)).sort();
    for (const group of plain(apiGroups)) {
      for (const version of plain(apiVersions)) {
        for (const resource of names) {
          const kind = known.ofResource(group, version, resource);
          if (kind && found.size < mostKinds) found.set(shown(kind), kind);
        }
      }
    }
  }
  const key = ({ group, version, kind }: GroupVersionKind) => `${group}\0${version}\0${kind}`;
  return [...found.values()].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

const shown = ({ group, version, kind }: GroupVersionKind) => `${group}/${version}, Kind=${kind}`;

export function typeWarnings({ spec }: Policy, known: KnownKinds): readonly ExpressionWarning[] {
  const { paramKind, validations = [] } = spec;
  const paramSchema =
    paramKind && known.schemaOf({ ...parseApiVersion(paramKind.apiVersion ?? ''), kind: paramKind.kind ?? '' });
  const paramsType = paramSchema && celTypeOf(paramSchema, { resource: true, name: 'params' });
  const checks = kindsOf(spec.matchConstraints?.resourceRules ?? [], known).flatMap((kind) => {
    const schema = known.schemaOf(kind);
    const object = schema && celTypeOf(schema, { resource: true, name: kind.kind });
    if (!object) return [];
    const params = paramsType ? { params: true, paramsType } : { params: false };
    return [{ kind, composition: compose(spec, { object, ...params }) }];
  });
  return validations.flatMap(({ expression, messageExpression = '' }, index) => {
    const at = `spec.validations[${index}]`;
    return [
      ...warning(`${at}.expression`, expression, checks),
      ...(messageExpression === '' ? [] : warning(`${at}.messageExpression`, messageExpression, checks)),
    ];
  });
}

function warning(
  fieldRef: string,
  text: string,
  checks: readonly { readonly kind: GroupVersionKind; readonly composition: Composition }[],
): readonly ExpressionWarning[] {
  const texts = checks.flatMap(({ kind, composition }) => {
    const issues = composition.check(text);
    return issues === undefined ? [] : [`${shown(kind)}: ${issues}\n`];
  });
  return texts.length > 0 ? [{ fieldRef, warning: texts.join('\n') }] : [];
}

/** What a definition and its objects are called. */
import { dns1035Label, dns1123Subdomain } from '#kube/names/validate.ts';
import { invalidValue, requiredValue, unsupportedValue } from '#kube/status/causes.ts';
import type { StatusCause } from '#kube/status/status.ts';
import type { DefinitionSpec, Names } from '../definition.ts';
import { textOf } from './props.ts';

export function groupCauses({ group = '' }: DefinitionSpec): readonly StatusCause[] {
  if (group === '') return [requiredValue('spec.group')];
  const wrong = dns1123Subdomain(group);
  if (wrong.length > 0) return [invalidValue('spec.group', group, wrong.join(','))];
  return group.includes('.') ? [] : [invalidValue('spec.group', group, 'should be a domain with at least one dot')];
}

const scopes = ['Cluster', 'Namespaced'];

export function scopeCauses({ scope = '' }: DefinitionSpec): readonly StatusCause[] {
  if (scope === '') return [requiredValue('spec.scope')];
  return scopes.includes(scope) ? [] : [unsupportedValue('spec.scope', scope, scopes)];
}

const needed = ['plural', 'singular', 'kind', 'listKind'] as const;

export const neededNameCauses = (names: Names): readonly StatusCause[] =>
  needed.filter((name) => !names[name]).map((name) => requiredValue(`spec.names.${name}`));

export function nameCauses(names: Names, path: string): readonly StatusCause[] {
  const causes: StatusCause[] = [];
  for (const field of needed) {
    const value = textOf(names[field]);
    const mixed = field === 'kind' || field === 'listKind';
    const wrong = value === '' ? [] : dns1035Label(mixed ? value.toLowerCase() : value);
    if (wrong.length === 0) continue;
    const prefix = mixed ? 'may have mixed case, but should otherwise match: ' : '';
    causes.push(invalidValue(`${path}.${field}`, value, prefix + wrong.join(',')));
  }
  causes.push(...labels(names.shortNames, `${path}.shortNames`));
  if (names.kind && names.kind === names.listKind)
    causes.push(invalidValue(`${path}.listKind`, names.listKind, 'kind and listKind may not be the same'));
  return [...causes, ...labels(names.categories, `${path}.categories`)];
}

const labels = (values: readonly string[] | undefined, path: string): readonly StatusCause[] =>
  (values ?? []).flatMap((value, index) => {
    const wrong = dns1035Label(textOf(value));
    return wrong.length > 0 ? [invalidValue(`${path}[${index}]`, value, wrong.join(','))] : [];
  });

/** One schema of a definition, with all that may be wrong with it. */
import { forbiddenField, invalidValue } from '#kube/status/causes.ts';
import type { StatusCause } from '#kube/status/status.ts';
import { type CheckDefault, defaultCauses } from './defaults.ts';
import { givenFields, shownSchema } from './internal.ts';
import type { Leniency } from './leniency.ts';
import { type CheckRules, openApiCauses } from './openapi.ts';
import { isGiven, type Props, someSchema, textOf } from './props.ts';
import { canBeStructural, structuralCauses } from './structural.ts';

/** What reads the rules of one schema; made where there are any, for CEL is loaded for them. */
export interface RuleReader {
  readonly checkRules: CheckRules;
  readonly checkDefault: CheckDefault;
  /** Whether all rules together cost too much; asked when all have been looked at. */
  readonly totalCauses: (path: string) => readonly StatusCause[];
}

/** `path` is that of what holds the schema: `spec.validation`. */
export function schemaCauses(
  props: Props,
  path: string,
  hasStatus: boolean,
  lenient: Leniency,
  reader: RuleReader | undefined,
): readonly StatusCause[] {
  const at = `${path}.openAPIV3Schema`;
  const causes: StatusCause[] = hasStatus ? [...rootCauses(props, at)] : [];
  if (props.nullable === true) causes.push(forbiddenField(`${at}.nullable`, 'nullable cannot be true at the root'));
  const form = formCauses(props, at, lenient, reader);
  causes.push(...form);
  const readable = form.length === 0 && canBeStructural(props) ? reader : undefined;
  causes.push(...openApiCauses(props, at, { lenient, checkRules: readable?.checkRules }));
  if (readable) causes.push(...readable.totalCauses(at));
  return causes;
}

/** Structure first; defaults only where that is sound. */
function formCauses(
  props: Props,
  path: string,
  lenient: Leniency,
  reader: RuleReader | undefined,
): readonly StatusCause[] {
  if (!canBeStructural(props) || (lenient.unstructured && !needsStructure(props))) return [];
  const structural = structuralCauses(props, path);
  if (structural.length > 0) return structural;
  return defaultCauses(props, path, lenient.unprunedDefaults, reader?.checkDefault);
}

/** Definitions prune, so their schemas are structural; only what once was stored otherwise may stay. */
const needsStructure = (props: Props): boolean =>
  someSchema(props, (each) =>
    ['default', 'x-kubernetes-embedded-resource', 'x-kubernetes-int-or-string', 'x-kubernetes-validations'].some(
      (mark) => isGiven(each[mark]),
    ),
  );

/** Of an object with a status of its own, only so much may be said at the root that the status can be judged alone. */
const atRoot = [
  'Description',
  'Type',
  'Format',
  'Title',
  'Maximum',
  'ExclusiveMaximum',
  'Minimum',
  'ExclusiveMinimum',
  'MaxLength',
  'MinLength',
  'Pattern',
  'MaxItems',
  'MinItems',
  'UniqueItems',
  'MultipleOf',
  'Required',
  'Items',
  'Properties',
  'ExternalDocs',
  'Example',
  'XPreserveUnknownFields',
  'XValidations',
];

function rootCauses(props: Props, path: string): readonly StatusCause[] {
  for (const name of givenFields(props)) {
    if (name === 'Type' && props.type !== 'object') {
      const detail =
        'only "object" is allowed as the type at the root of the schema if the status subresource is enabled';
      return [invalidValue(`${path}.type`, textOf(props.type), detail)];
    }
    if (atRoot.includes(name)) continue;
    const detail = `only [${atRoot.join(' ')}] fields are allowed at the root of the schema if the status subresource is enabled`;
    return [invalidValue(path, shownSchema(props), detail)];
  }
  return [];
}

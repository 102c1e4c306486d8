/** The versions of a definition: schemas, subresources, columns, selectable fields, deprecation. */
import { dns1035Label } from '#kube/names/validate.ts';
import { duplicateValue, invalidValue, requiredValue, tooMany } from '#kube/status/causes.ts';
import type { StatusCause } from '#kube/status/status.ts';
import type { DefinitionSpec, Version } from '../definition.ts';
import { findField } from './field-path.ts';
import type { Shared } from './internal.ts';
import { type Leniency, mostSelectableFields } from './leniency.ts';
import { isObject, listOf, type Props, textOf } from './props.ts';
import { type RuleReader, schemaCauses } from './schema.ts';

export interface Looking {
  readonly shared: Shared;
  readonly lenient: Leniency;
  /** By version. */
  readonly readers: ReadonlyMap<string, RuleReader>;
}

/** What a single version has for itself. */
export function versionCauses(version: Version, index: number, looking: Looking): readonly StatusCause[] {
  const { shared } = looking;
  const path = `spec.versions[${index}]`;
  const causes: StatusCause[] = [];
  const wrong = dns1035Label(textOf(version.name));
  if (wrong.length > 0) causes.push(invalidValue(`${path}.name`, textOf(version.name), wrong.join(',')));
  causes.push(...deprecationCauses(version, path));
  if (!shared.has('schema')) causes.push(...versionSchemaCauses(version, index, looking));
  if (!shared.has('subresources')) causes.push(...scaleCauses(version, shared.path('subresources', index)));
  if (!shared.has('additionalPrinterColumns'))
    causes.push(...columnCauses(version, shared.path('additionalPrinterColumns', index)));
  if (!shared.has('selectableFields')) causes.push(...selectableCauses(version, index, looking));
  return causes;
}

/** What all versions have in common. */
export function sharedCauses(spec: DefinitionSpec, looking: Looking): readonly StatusCause[] {
  const { shared } = looking;
  const [first] = spec.versions ?? [];
  if (!first) return [];
  return [
    ...(shared.has('schema') ? versionSchemaCauses(first, 0, looking, anyStatus(spec)) : []),
    ...(shared.has('subresources') ? scaleCauses(first, 'spec.subresources') : []),
    ...(shared.has('additionalPrinterColumns') ? columnCauses(first, 'spec.additionalPrinterColumns') : []),
    ...(shared.has('selectableFields') ? selectableCauses(first, 0, looking) : []),
  ];
}

const hasStatus = ({ subresources }: Version): boolean => isObject(subresources?.status);
const anyStatus = ({ versions = [] }: DefinitionSpec): boolean => versions.some(hasStatus);

function versionSchemaCauses(
  version: Version,
  index: number,
  { shared, lenient, readers }: Looking,
  status = hasStatus(version),
): readonly StatusCause[] {
  const schema = version.schema?.openAPIV3Schema;
  if (!isObject(schema)) return [];
  return schemaCauses(schema, shared.path('schema', index), status, lenient, readers.get(version.name));
}

/** Characters a terminal would not show as they are. */
const unprintable = /[^\P{C}]|[^\P{Z}]/u;
const mostWarning = 256;

function deprecationCauses({ deprecated, deprecationWarning }: Version, path: string): readonly StatusCause[] {
  if (typeof deprecationWarning !== 'string') return [];
  const refused = (detail: string) => invalidValue(`${path}.deprecationWarning`, deprecationWarning, detail);
  if (deprecated !== true) return [refused('can only be set for deprecated versions')];
  const causes: StatusCause[] = [];
  if (Buffer.byteLength(deprecationWarning) > mostWarning)
    causes.push(refused(`must be <= ${mostWarning} characters long`));
  if (deprecationWarning === '') causes.push(refused('must not be an empty string'));
  let at = 0;
  for (const letter of deprecationWarning) {
    if (letter !== ' ' && unprintable.test(letter)) {
      const detail = `must only contain printable UTF-8 characters; non-printable character found at index ${at}`;
      causes.push(refused(detail));
      break;
    }
    at += Buffer.byteLength(letter);
  }
  return causes;
}

function scaleCauses({ subresources }: Version, path: string): readonly StatusCause[] {
  const scale = subresources?.scale as Props | undefined;
  if (!isObject(scale)) return [];
  return [
    ...pathCauses(scale.specReplicasPath, `${path}.scale.specReplicasPath`, ['.spec']),
    ...pathCauses(scale.statusReplicasPath, `${path}.scale.statusReplicasPath`, ['.status']),
    ...(scale.labelSelectorPath
      ? pathCauses(scale.labelSelectorPath, `${path}.scale.labelSelectorPath`, ['.spec', '.status'])
      : []),
  ];
}

function pathCauses(value: unknown, path: string, under: readonly string[]): readonly StatusCause[] {
  const text = textOf(value);
  if (text === '') return [requiredValue(path)];
  if (!text.startsWith('.')) return [invalidValue(path, text, 'must be a simple json path starting with .')];
  if (under.some((part) => text.startsWith(`${part}.`))) return [];
  const where = under.length === 1 ? under[0] : `either ${under.join(' or ')}`;
  return [invalidValue(path, text, `should be a json path under ${where}`)];
}

const columnTypes = ['boolean', 'date', 'integer', 'number', 'string'];
const columnFormats = ['byte', 'date', 'date-time', 'double', 'float', 'int32', 'int64', 'password'];

function columnCauses({ additionalPrinterColumns }: Version, path: string): readonly StatusCause[] {
  return listOf(additionalPrinterColumns).flatMap((column, index) =>
    isObject(column) ? oneColumn(column, `${path}[${index}]`) : [],
  );
}

function oneColumn({ name, type, format, jsonPath }: Props, path: string): readonly StatusCause[] {
  const causes: StatusCause[] = [];
  const oneOf = (known: readonly string[]) => `must be one of ${known.join(',')}`;
  const [ofType, ofFormat, at] = [textOf(type), textOf(format), textOf(jsonPath)];
  if (textOf(name) === '') causes.push(requiredValue(`${path}.name`));
  if (ofType === '') causes.push(requiredValue(`${path}.type`, oneOf(columnTypes)));
  else if (!columnTypes.includes(ofType)) causes.push(invalidValue(`${path}.type`, ofType, oneOf(columnTypes)));
  if (ofFormat !== '' && !columnFormats.includes(ofFormat))
    causes.push(invalidValue(`${path}.format`, ofFormat, oneOf(columnFormats)));
  if (at === '') causes.push(requiredValue(`${path}.JSONPath`));
  else if (!at.startsWith('.'))
    causes.push(invalidValue(`${path}.JSONPath`, at, 'must be a simple json path starting with .'));
  return causes;
}

function selectableCauses(version: Version, index: number, { shared, lenient }: Looking): readonly StatusCause[] {
  const fields = listOf(version.selectableFields).filter(isObject);
  const path = shared.path('selectableFields', index);
  if (fields.length === 0) return [];
  const schema = version.schema?.openAPIV3Schema;
  // Upstream looks for the schema only in the version or only in the spec, as the fields are.
  if (!isObject(schema) || shared.has('schema') !== shared.has('selectableFields')) {
    const detail = shared.has('selectableFields')
      ? 'may only be set when validations.schema is included'
      : 'may only be set when `version.schema.openAPIV3Schema` is not included';
    return [invalidValue(path, '', detail)];
  }
  const known = new Set<string>();
  const causes = fields.flatMap(({ jsonPath }, each) =>
    oneSelectable(textOf(jsonPath), `${path}[${each}]`, schema, known),
  );
  if (known.size <= mostSelectableFields || lenient.selectableFields.has(version.name)) return causes;
  return [...causes, tooMany(path, known.size, mostSelectableFields)];
}

function oneSelectable(text: string, path: string, schema: Props, known: Set<string>): readonly StatusCause[] {
  const at = `${path}.jsonPath`;
  if (text === '') return [requiredValue(at)];
  const found = findField(text, schema, false);
  if (typeof found === 'string') return [invalidValue(at, text, `is an invalid path: ${found}`)];
  const causes: StatusCause[] = [];
  if (found.path[0] === 'metadata') causes.push(invalidValue(at, text, 'must not point to fields in metadata'));
  if (!['string', 'boolean', 'integer'].includes(textOf(found.schema.type))) {
    const detail =
      'must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.';
    causes.push(invalidValue(at, text, detail));
  }
  const key = found.path.join('.');
  if (known.has(key)) causes.push(duplicateValue(at, text));
  known.add(key);
  return causes;
}

/** Strict field validation: what a body states twice or nobody knows, refused, warned of, or passed over. */
import { duplicateField, faultsInOrder, repeatsIn, unknownField } from '#kube/json/duplicates.ts';
import { badRequest } from '#kube/status/errors.ts';
import type { Scope } from '../context.ts';

/** At most this many unknown fields are named in one answer, so that a hostile body cannot make a long one. */
const mostFieldsNamed = 100;

const modeOf = ({ request }: Scope) => request.options.fieldValidation ?? 'Warn';

/** YAML's faults are one text to go-yaml, and one warning each. */
const yamlText = (lines: readonly string[]) => `yaml: unmarshal errors:\n  ${lines.join('\n  ')}`;

function warn(scope: Scope, texts: readonly string[]): void {
  for (const text of texts) if (!scope.warnings.includes(text)) scope.warnings.push(text);
}

const operationFields: ReadonlySet<string> = new Set(['op', 'path', 'from', 'value']);

/** Of the operations of a JSON patch. */
function unknownOperationFields(operations: unknown): readonly string[] {
  if (!Array.isArray(operations)) return [];
  return operations
    .flatMap((operation: unknown, index) =>
      Object.keys((operation ?? {}) as object).flatMap((name) =>
        operationFields.has(name) ? [] : `[${index}].${name}`,
      ),
    )
    .slice(0, mostFieldsNamed);
}

/** Of the patch itself, before what it makes of the object. */
function patchFaults({ request: { body, patchType } }: Scope): readonly string[] {
  const repeats = repeatsIn(body);
  if (patchType !== 'json') return (repeats?.texts ?? []).map(duplicateField);
  const unknown = unknownOperationFields(body);
  const faults = repeats?.json === undefined ? unknown.map(unknownField) : faultsInOrder(repeats.json, unknown);
  return faults.map((fault) => `json patch ${fault}`);
}

interface Faults {
  /** As a refusal joins them. */
  readonly texts: readonly string[];
  readonly warnings: readonly string[];
}

function bodyFaults({ request: { body }, served }: Scope, unknown: readonly string[]): Faults {
  const repeats = repeatsIn(body);
  const unknownTexts = unknown.map(unknownField);
  if (repeats && repeats.json === undefined) {
    const { texts } = repeats;
    return { texts: [yamlText(texts), ...unknownTexts], warnings: [...texts, ...unknownTexts] };
  }
  // Of custom resources the decoder finds the one, and a walk of the schema the other.
  const texts =
    repeats?.json === undefined || served.custom
      ? [...(repeats?.texts ?? []).map(duplicateField), ...unknownTexts]
      : faultsInOrder(repeats.json, unknown);
  return { texts, warnings: texts };
}

function faultsOf(scope: Scope, unknown: readonly string[]): Faults {
  const { patchType } = scope.request;
  if (patchType === undefined) return bodyFaults(scope, unknown);
  // An apply tells of its text when it has merged it.
  const texts = [...(patchType === 'apply' ? [] : patchFaults(scope)), ...unknown.map(unknownField)];
  return { texts, warnings: texts };
}

/** `unknown`: paths of fields that no schema knows. Throws what `refused` makes of a text. */
export function validateFields(scope: Scope, unknown: readonly string[], refused: (text: string) => Error): void {
  const { body, patchType } = scope.request;
  if (unknown.length === 0 && patchType !== 'json' && !repeatsIn(body)) return;
  const mode = modeOf(scope);
  if (mode === 'Ignore') return;
  const named = unknown.slice(0, mostFieldsNamed);
  const { texts, warnings } = faultsOf(scope, scope.served.custom ? named.toSorted() : named);
  if (texts.length === 0) return;
  if (mode === 'Strict') throw refused(`strict decoding error: ${texts.join(', ')}`);
  warn(scope, warnings);
}

/** Of an intent that has been merged. Throws BadRequest. */
export function validateIntent(scope: Scope): void {
  const repeats = repeatsIn(scope.request.body);
  const mode = modeOf(scope);
  if (!repeats || mode === 'Ignore') return;
  if (mode === 'Strict')
    throw badRequest(`error strict decoding YAML: error converting YAML to JSON: ${yamlText(repeats.texts)}`);
  warn(scope, repeats.texts);
}

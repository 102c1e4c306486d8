/** What the overriders of one rule may say, kind by kind (compatibility.md sections 1.3 and 7). */
import type {
  CommandArgsOverrider,
  FieldOverrider,
  ImageOverrider,
  LabelAnnotationOverrider,
  Overriders,
  PatchOperation,
} from '#apis/policy/override-spec.ts';
import { isVersion } from '#apis/policy/overrides/image.ts';
import type { JsonValue } from '#kube/meta/object.ts';
import { labelValue, qualifiedName } from '#kube/names/validate.ts';
import { pointerProblem } from '#kube/patch/pointer.ts';
import { invalidValue, requiredValue, unsupportedValue } from '#kube/status/causes.ts';
import type { StatusCause } from '#kube/status/status.ts';

type Causes = readonly StatusCause[];

function validatePointer(pointer: string, at: string): Causes {
  const problem = pointerProblem(pointer);
  return problem === undefined ? [] : [invalidValue(at, pointer, problem)];
}

/** The empty one is the whole document, which can be replaced and nothing else. */
const validatePlace = (pointer: string, operator: PatchOperation['operator'], at: string): Causes =>
  pointer === '' && operator === 'replace' ? [] : validatePointer(pointer, at);

function validateValue(operator: PatchOperation['operator'], value: JsonValue | undefined, at: string): Causes {
  const given = value !== undefined && value !== null;
  if (operator === 'remove') return given ? [invalidValue(at, value, 'value is not allowed for remove operation')] : [];
  return given ? [] : [invalidValue(at, null, 'value is required for add or replace operation')];
}

function validateImage({ component, operator, predicate, value = '' }: ImageOverrider, at: string): Causes {
  const causes: StatusCause[] = predicate ? [...validatePointer(predicate.path, `${at}.predicate.path`)] : [];
  if (operator === 'remove') {
    // A name is what an image has at least.
    if (component === 'Repository') causes.push(unsupportedValue(`${at}.operator`, operator, ['add', 'replace']));
  } else if (value === '') {
    causes.push(requiredValue(`${at}.value`, 'must not be empty when operator is add or replace'));
  } else if (component === 'Tag' && !(operator === 'add' ? /^[\w.:-]+$/.test(value) : isVersion(value))) {
    const why =
      operator === 'add'
        ? "what is added to a tag consists of letters, digits, '_', '.' and '-'"
        : "must be a tag ('v1.2.3') or a digest ('sha256:…', without an '@')";
    causes.push(invalidValue(`${at}.value`, value, why));
  }
  return causes;
}

const validateArguments = ({ containerName }: CommandArgsOverrider, at: string): Causes =>
  containerName === '' ? [requiredValue(`${at}.containerName`, 'the name of the container to change')] : [];

const validateLabels = ({ value }: LabelAnnotationOverrider, at: string): Causes =>
  Object.entries(value).flatMap(([key, text]) => [
    ...qualifiedName(key).map((why) => invalidValue(`${at}.value`, key, why)),
    ...labelValue(text).map((why) => invalidValue(`${at}.value`, text, why)),
  ]);

/** Annotation keys may use upper case. */
const validateAnnotations = ({ value }: LabelAnnotationOverrider, at: string): Causes =>
  Object.keys(value).flatMap((key) =>
    qualifiedName(key.toLowerCase()).map((why) => invalidValue(`${at}.value`, key, why)),
  );

function validateField({ fieldPath, json = [], yaml = [] }: FieldOverrider, at: string): Causes {
  const causes: StatusCause[] = [...validatePointer(fieldPath, `${at}.fieldPath`)];
  if (json.length > 0 && yaml.length > 0) {
    const why = 'FieldOverrider has both YAML and JSON set. Only one is allowed';
    causes.push(invalidValue(at, { fieldPath, json, yaml }, why));
  } else if (json.length === 0 && yaml.length === 0) {
    causes.push(requiredValue(at, 'exactly one of json and yaml must have operations'));
  }
  for (const [form, operations] of Object.entries({ json, yaml })) {
    for (const [i, { operator, subPath, value }] of operations.entries()) {
      causes.push(
        ...validatePlace(subPath, operator, `${at}.${form}[${i}].subPath`),
        ...validateValue(operator, value, `${at}.${form}[${i}].value`),
      );
    }
  }
  return causes;
}

/** For each overrider of a rule, what is wrong with one of its items. */
const validators: {
  readonly [K in keyof Overriders]-?: (item: NonNullable<Overriders[K]>[number], at: string) => Causes;
} = {
  imageOverrider: validateImage,
  commandOverrider: validateArguments,
  argsOverrider: validateArguments,
  labelsOverrider: validateLabels,
  annotationsOverrider: validateAnnotations,
  fieldOverrider: validateField,
  plaintext: ({ path, operator, value }, at) => [
    ...validatePlace(path, operator, `${at}.path`),
    ...validateValue(operator, value, `${at}.value`),
  ],
};

const names = Object.keys(validators) as readonly (keyof Overriders)[];

export const validateOverriders = (overriders: Overriders, path: string): Causes =>
  names.flatMap((name) => {
    const validate = validators[name] as (item: unknown, at: string) => Causes;
    return (overriders[name] ?? []).flatMap((item, i) => validate(item, `${path}.${name}[${i}]`));
  });

export const hasOverriders = (overriders: Overriders | undefined): boolean =>
  names.some((name) => (overriders?.[name] ?? []).length > 0);

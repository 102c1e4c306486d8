/** Objects printed as themselves: YAML, JSON, names, templates, columns of one's own. */
import { evaluateJsonPath, parseJsonPath, printJsonPath } from '#kube/jsonpath/jsonpath.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { toYaml } from '#kube/yaml/yaml.ts';
import { CommandError } from '../failure.ts';
import { alignColumns } from './columns.ts';
import { customLines, parseCustomColumns } from './custom-columns.ts';
import type { OutputFormat } from './format.ts';
import { toJson } from './json.ts';

type ObjectFormat = Exclude<OutputFormat, { readonly form: 'table' | 'name' }>;

export interface ObjectsToPrint {
  readonly objects: readonly KubeObject[];
  /** One object that was asked for by name stands by itself; anything else is a List. */
  readonly single: boolean;
  readonly managedFields: boolean;
  readonly headers: boolean;
}

export function printObjects(
  format: ObjectFormat,
  { objects, single, managedFields, headers }: ObjectsToPrint,
): string {
  const shown = managedFields ? objects : objects.map(withoutManagedFields);
  const whole = single && shown.length === 1 ? shown[0]! : listOf(shown);
  switch (format.form) {
    case 'yaml':
      return toYaml(whole);
    case 'json':
      return toJson(whole);
    case 'jsonpath':
      return templated(format.text, (template) => printJsonPath(template, whole));
    case 'jsonpath-as-json':
      return templated(format.text, (template) =>
        toJson(evaluateJsonPath(parseJsonPath(template.replace(/^\{|\}$/g, '')), whole)),
      );
    case 'custom-columns':
      return alignColumns(customLines(parseCustomColumns(format.text), shown, headers));
  }
}

const listOf = (items: readonly KubeObject[]) => ({
  apiVersion: 'v1',
  items,
  kind: 'List',
  metadata: { resourceVersion: '' },
});

/** Nobody reads them; `--show-managed-fields` keeps them. */
function withoutManagedFields<T extends KubeObject>(object: T): T {
  const { managedFields, ...metadata } = object.metadata;
  return managedFields === undefined ? object : { ...object, metadata };
}

function templated(template: string, print: (template: string) => string): string {
  try {
    return print(template);
  } catch (error) {
    if (error instanceof SyntaxError) throw new CommandError(`error parsing jsonpath ${template}, ${error.message}`);
    if (error instanceof RangeError) throw new CommandError(`error executing jsonpath "${template}": ${error.message}`);
    throw error;
  }
}

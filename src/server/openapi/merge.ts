/** One document of OpenAPI v2 out of ours and those of other API servers; what is ours stays as it is. */
import { deepEqual } from '#kube/meta/equal.ts';
import type { JsonObject, JsonValue } from '#kube/meta/object.ts';

const prefix = '#/definitions/';
const parameterPrefix = '#/parameters/';

const objectOf = (value: JsonValue | undefined): JsonObject => (value as JsonObject | undefined) ?? {};

export const mergedV2 = (own: JsonObject, foreign: readonly JsonObject[]): JsonObject => foreign.reduce(merged, own);

/** Paths we serve are not replaced, and a definition that differs from ours under the same name gets another name. */
function merged(own: JsonObject, foreign: JsonObject): JsonObject {
  const [paths, definitions, parameters] = [own.paths, own.definitions, own.parameters].map(objectOf) as [
    JsonObject,
    JsonObject,
    JsonObject,
  ];
  const renamed = new Map<string, string>();
  for (const [known, those, mark] of [
    [definitions, objectOf(foreign.definitions), prefix],
    [parameters, objectOf(foreign.parameters), parameterPrefix],
  ] as const) {
    for (const name of Object.keys(those)) {
      if (known[name] !== undefined && !deepEqual(known[name], those[name]))
        renamed.set(mark + name, mark + freeName(name, known, those));
    }
  }
  const fitted = (mark: string, those: JsonObject) =>
    Object.fromEntries(
      Object.entries(those).map(([name, value]) => [
        (renamed.get(mark + name) ?? mark + name).slice(mark.length),
        referring(value as JsonValue, renamed),
      ]),
    );
  return {
    ...own,
    paths: { ...objectOf(referring(objectOf(foreign.paths), renamed) as JsonObject), ...paths },
    definitions: { ...fitted(prefix, objectOf(foreign.definitions)), ...definitions },
    parameters: { ...fitted(parameterPrefix, objectOf(foreign.parameters)), ...parameters },
  };
}

function freeName(name: string, known: JsonObject, those: JsonObject): string {
  for (let number = 2; ; number++) {
    const candidate = `${name}_v${number}`;
    if (known[candidate] === undefined && those[candidate] === undefined) return candidate;
  }
}

function referring(value: JsonValue, renamed: ReadonlyMap<string, string>): JsonValue {
  if (renamed.size === 0 || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((each) => referring(each as JsonValue, renamed));
  return Object.fromEntries(
    Object.entries(value as JsonObject).map(([name, each]) => [
      name,
      name === '$ref' && typeof each === 'string' ? (renamed.get(each) ?? each) : referring(each as JsonValue, renamed),
    ]),
  );
}

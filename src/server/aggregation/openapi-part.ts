/** Of another API server's OpenAPI v2: the paths of one group version, and what they refer to. */
import type { JsonObject, JsonValue } from '#kube/meta/object.ts';

const objectOf = (value: JsonValue | undefined) => (value ?? {}) as JsonObject;

const prefixes = { definitions: '#/definitions/', parameters: '#/parameters/' } as const;

type Section = keyof typeof prefixes;

/** `prefix`: `/apis/apps/v1/` */
export function ofGroupVersion(document: JsonObject, prefix: string): JsonObject {
  const paths = Object.fromEntries(
    Object.entries(objectOf(document.paths)).filter(([path]) => path.startsWith(prefix)),
  ) as JsonObject;
  const found: Record<Section, Record<string, JsonValue>> = { definitions: {}, parameters: {} };
  const follow = (value: JsonValue | undefined): void => {
    if (typeof value !== 'object' || value === null) return;
    const { $ref } = value as JsonObject;
    if (typeof $ref === 'string') take($ref);
    for (const each of Object.values(value)) follow(each as JsonValue);
  };
  const take = (reference: string): void => {
    for (const section of ['definitions', 'parameters'] as const) {
      if (!reference.startsWith(prefixes[section])) continue;
      const name = reference.slice(prefixes[section].length);
      const target = objectOf(document[section])[name];
      if (target === undefined || Object.hasOwn(found[section], name)) continue;
      found[section][name] = target;
      follow(target);
    }
  };
  follow(paths);
  return { paths, ...found };
}

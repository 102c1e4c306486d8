/** A webhook's answer that is no object in JSON: client-go reads what does not begin as one as YAML. */
import { jsonSyntaxError } from '#kube/json/syntax.ts';
import type { JsonObject } from '#kube/meta/object.ts';
import { parseYaml } from '#kube/yaml/yaml.ts';

const beginsAsObject = /^\s*\{/;

const unreadable = (why: string) => new Error(`couldn't get version/kind; json parse error: ${why}`);

/** {} for nothing. Throws what is wrong with it, in Go's words. */
export function unusualObject(body: string): JsonObject {
  if (beginsAsObject.test(body)) throw unreadable(jsonSyntaxError(body) ?? 'unexpected end of JSON input');
  const value = parseYaml(body);
  if (value === null) return {};
  if (typeof value === 'object' && !Array.isArray(value)) return value as JsonObject;
  const type = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
  throw unreadable(
    `json: cannot unmarshal ${type} into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`,
  );
}

/** Checks of objects: how many fields there are, each by its own schema, and which must be there. */
import { invalidValue, requiredValue, tooMany } from '../status/causes.ts';
import { type Check, fieldAt, fieldOf, here, type Report } from './check.ts';
import { type Fields, isFields, ownField } from './copy.ts';
import { pathText } from './path.ts';
import type { Schema } from './schema.ts';

export function objectCheck(schema: Schema, compile: (schema: Schema) => Check): Check | undefined {
  const parts = [sizeCheck(schema), fieldsCheck(schema, compile), requiredCheck(schema)].filter(
    (part) => part !== undefined,
  );
  if (parts.length === 0) return undefined;
  return (value, report, before) => {
    if (!isFields(value)) return;
    const earlier = isFields(before) ? before : undefined;
    for (const part of parts) part(value, report, earlier);
  };
}

type ObjectCheck = (value: Fields, report: Report, before: Fields | undefined) => void;

function sizeCheck({ minProperties, maxProperties }: Schema): ObjectCheck | undefined {
  if (minProperties === undefined && maxProperties === undefined) return undefined;
  return (value, report) => {
    const size = Object.keys(value).length;
    if (minProperties !== undefined && size < minProperties) {
      const detail = `${here(report)} in body should have at least ${minProperties} properties`;
      report.causes.push(invalidValue(fieldOf(report), size, detail));
    }
    if (maxProperties !== undefined && size > maxProperties)
      report.causes.push(tooMany(fieldOf(report), size, maxProperties));
  };
}

function requiredCheck({ required }: Schema): ObjectCheck | undefined {
  if (!required || required.length === 0) return undefined;
  return (value, report) => {
    for (const name of required)
      if (ownField(value, name) === undefined)
        report.causes.push(requiredValue(fieldAt(report, pathText([...report.trail, name]))));
  };
}

function fieldsCheck(schema: Schema, compile: (schema: Schema) => Check): ObjectCheck | undefined {
  const checks = new Map(Object.entries(schema.properties ?? {}).map(([name, each]) => [name, compile(each)]));
  const rest = schema.additionalProperties && compile(schema.additionalProperties);
  if (checks.size === 0 && !rest) return undefined;
  return (value, report, before) => {
    for (const name in value) {
      const check = checks.get(name) ?? rest;
      if (!check || value[name] === undefined) continue;
      report.trail.push(name);
      check(value[name], report, before && ownField(before, name));
      report.trail.pop();
    }
  };
}

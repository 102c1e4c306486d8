/** Checks of objects: which fields must be there, how many there may be, and each field by its own schema. */
import { invalidValue, requiredValue, tooMany } from '../status/causes.ts';
import { type Check, here, type Report } from './check.ts';
import { type Fields, fieldsOf, isFields, ownField } from './copy.ts';
import { knownProperties } from './metadata.ts';
import { pathText } from './path.ts';
import type { Schema } from './schema.ts';

export function objectCheck(schema: Schema, compile: (schema: Schema) => Check): Check | undefined {
  const parts = [sizeCheck(schema), requiredCheck(schema), embeddedCheck(schema), fieldsCheck(schema, compile)].filter(
    (part) => part !== undefined,
  );
  if (parts.length === 0) return undefined;
  return (value, report, before) => {
    if (isFields(value)) for (const part of parts) part(value, report, before);
  };
}

type ObjectCheck = (value: Fields, report: Report, before: unknown) => void;

function sizeCheck({ minProperties, maxProperties }: Schema): ObjectCheck | undefined {
  if (minProperties === undefined && maxProperties === undefined) return undefined;
  return (value, report) => {
    const size = Object.keys(value).length;
    if (minProperties !== undefined && size < minProperties) {
      const detail = `${here(report)} in body should have at least ${minProperties} properties`;
      report.causes.push(invalidValue(here(report), minProperties, detail));
    }
    if (maxProperties !== undefined && size > maxProperties)
      report.causes.push(tooMany(here(report), size, maxProperties));
  };
}

function requiredCheck({ required }: Schema): ObjectCheck | undefined {
  if (!required || required.length === 0) return undefined;
  return (value, report) => {
    for (const name of required)
      if (ownField(value, name) === undefined)
        report.causes.push(requiredValue(pathText([...report.trail, name], report.base)));
  };
}

/** An embedded object must say what it is. */
function embeddedCheck({ embeddedResource }: Schema): ObjectCheck | undefined {
  if (!embeddedResource) return undefined;
  return (value, report) => {
    for (const name of ['apiVersion', 'kind']) {
      if (value[name] !== undefined && value[name] !== '') continue;
      report.causes.push(requiredValue(pathText([...report.trail, name], report.base), 'must not be empty'));
    }
  };
}

function fieldsCheck(schema: Schema, compile: (schema: Schema) => Check): ObjectCheck | undefined {
  const known = Object.entries(knownProperties(schema) ?? {});
  const checks = new Map(known.map(([name, property]) => [name, compile(property)]));
  const rest = schema.additionalProperties && compile(schema.additionalProperties);
  if (checks.size === 0 && !rest) return undefined;
  return (value, report, before) => {
    const earlier = fieldsOf(before);
    for (const name in value) {
      const check = checks.get(name) ?? rest;
      if (!check || value[name] === undefined) continue;
      report.trail.push(name);
      check(value[name], report, earlier[name]);
      report.trail.pop();
    }
  };
}

/** gnostic's openapi.v2.Document: the protobuf form of OpenAPI v2, in which kubectl asks for it. */
import type { JsonObject, JsonValue } from '../../meta/object.ts';
import {
  any,
  anys,
  double,
  encoded,
  type Fields,
  flag,
  type Message,
  many,
  message,
  one,
  type Put,
  pairs,
  text,
  texts,
  whole,
  within,
} from './form.ts';

const schema: Message = (writer, value) => schemaMessage(writer, value);

const additional: Put = (writer, value) =>
  typeof value === 'boolean'
    ? within(21, flag(2))(writer, value)
    : within(
        21,
        one(1, () => schema),
      )(writer, value);

/** One type, or several. */
const type: Put = (writer, value) => within(22, texts(1))(writer, Array.isArray(value) ? value : [value]);

const schemaMessage = message(
  {
    $ref: text(1),
    format: text(2),
    title: text(3),
    description: text(4),
    default: any(5),
    multipleOf: double(6),
    maximum: double(7),
    exclusiveMaximum: flag(8),
    minimum: double(9),
    exclusiveMinimum: flag(10),
    maxLength: whole(11),
    minLength: whole(12),
    pattern: text(13),
    maxItems: whole(14),
    minItems: whole(15),
    uniqueItems: flag(16),
    maxProperties: whole(17),
    minProperties: whole(18),
    required: texts(19),
    enum: anys(20),
    additionalProperties: additional,
    type,
    items: within(
      23,
      one(1, () => schema),
    ),
    allOf: many(24, () => schema),
    properties: within(
      25,
      pairs(
        1,
        one(2, () => schema),
      ),
    ),
    example: any(30),
  },
  31,
);

const reference = message({ $ref: text(1), description: text(2) });

const bodyParameter = message(
  { description: text(1), name: text(2), in: text(3), required: flag(4), schema: one(5, () => schema) },
  6,
);
const pathParameter: Fields = {
  required: flag(1),
  in: text(2),
  description: text(3),
  name: text(4),
  type: text(5),
  format: text(6),
  uniqueItems: flag(19),
};
const queryParameter: Fields = {
  required: flag(1),
  in: text(2),
  description: text(3),
  name: text(4),
  allowEmptyValue: flag(5),
  type: text(6),
  format: text(7),
  uniqueItems: flag(20),
};
const [inPath, inQuery] = [message(pathParameter, 22), message(queryParameter, 23)] as const;

/** Parameter: the body, or (2) one of four, of which Kubernetes has those of the query (3) and of the path (4). */
const parameter: Message = (writer, value) => {
  if (value.in === 'body') one(1, () => bodyParameter)(writer, value);
  else if (value.in === 'path')
    within(
      2,
      one(4, () => inPath),
    )(writer, value);
  else
    within(
      2,
      one(3, () => inQuery),
    )(writer, value);
};

const parameterItem: Message = (writer, value) =>
  value.$ref === undefined ? one(1, () => parameter)(writer, value) : one(2, () => reference)(writer, value);

const response = message(
  {
    description: text(1),
    schema: within(
      2,
      one(1, () => schema),
    ),
  },
  5,
);

const operation = message(
  {
    tags: texts(1),
    summary: text(2),
    description: text(3),
    operationId: text(5),
    produces: texts(6),
    consumes: texts(7),
    parameters: many(8, () => parameterItem),
    responses: within(
      9,
      pairs(
        1,
        within(
          2,
          one(1, () => response),
        ),
      ),
    ),
    schemes: texts(10),
    deprecated: flag(11),
  },
  13,
);

const operationPut = (number: number): Put => one(number, () => operation);

const pathItem = message(
  {
    get: operationPut(2),
    put: operationPut(3),
    post: operationPut(4),
    delete: operationPut(5),
    options: operationPut(6),
    head: operationPut(7),
    patch: operationPut(8),
    parameters: many(9, () => parameterItem),
  },
  10,
);

const securityDefinition = message({ type: text(1), name: text(2), in: text(3), description: text(4) }, 5);

const securityRequirement: Message = (writer, value: JsonObject) =>
  pairs(1, within(2, texts(1)))(writer, value as JsonValue);

const document = message(
  {
    swagger: text(1),
    info: one(2, () => message({ title: text(1), version: text(2), description: text(3) }, 7)),
    paths: within(
      8,
      pairs(
        2,
        one(2, () => pathItem),
      ),
    ),
    definitions: within(
      9,
      pairs(
        1,
        one(2, () => schema),
      ),
    ),
    parameters: within(
      10,
      pairs(
        1,
        one(2, () => parameter),
      ),
    ),
    security: many(12, () => securityRequirement),
    securityDefinitions: within(
      13,
      pairs(
        1,
        within(
          2,
          one(2, () => securityDefinition),
        ),
      ),
    ),
  },
  16,
);

export const protobufV2 = (json: JsonObject): Buffer => encoded(document, json);

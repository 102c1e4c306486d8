/** gnostic's openapi.v3.Document: the protobuf form of the documents of OpenAPI v3. */
import type { JsonObject } from '../../meta/object.ts';
import {
  any,
  anys,
  double,
  encoded,
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

const reference = message({ $ref: text(1), summary: text(2), description: text(3) });

/** `…OrReference`: the thing is the first of two, a reference to it the second. */
const orReference =
  (thing: () => Message): Message =>
  (writer, value) =>
    value.$ref === undefined ? one(1, thing)(writer, value) : one(2, () => reference)(writer, value);

const schema: Message = (writer, value) => schemaMessage(writer, value);
const schemaItem = orReference(() => schema);

const additional: Put = (writer, value) =>
  typeof value === 'boolean'
    ? within(32, flag(2))(writer, value)
    : within(
        32,
        one(1, () => schemaItem),
      )(writer, value);

/** DefaultType can hold a scalar; of an object or a list it says only that there is one. */
const defaultValue: Put = (writer, value) => {
  if (typeof value === 'number') within(33, double(1, true))(writer, value);
  else if (typeof value === 'boolean') within(33, spokenFlag)(writer, value);
  else if (typeof value === 'string') within(33, text(3))(writer, value);
  else within(33, () => {})(writer, value);
};

/** Within a choice false is said, too. */
const spokenFlag: Put = (writer, value) => {
  writer.varint(value === true ? 1 : 0);
  writer.varint(2 * 8);
};

const schemaMessage = message(
  {
    nullable: flag(1),
    example: any(7),
    deprecated: flag(8),
    title: text(9),
    multipleOf: double(10),
    maximum: double(11),
    exclusiveMaximum: flag(12),
    minimum: double(13),
    exclusiveMinimum: flag(14),
    maxLength: whole(15),
    minLength: whole(16),
    pattern: text(17),
    maxItems: whole(18),
    minItems: whole(19),
    uniqueItems: flag(20),
    maxProperties: whole(21),
    minProperties: whole(22),
    required: texts(23),
    enum: anys(24),
    type: text(25),
    allOf: many(26, () => schemaItem),
    oneOf: many(27, () => schemaItem),
    anyOf: many(28, () => schemaItem),
    not: one(29, () => schema),
    items: within(
      30,
      one(1, () => schemaItem),
    ),
    properties: within(
      31,
      pairs(
        1,
        one(2, () => schemaItem),
      ),
    ),
    additionalProperties: additional,
    default: defaultValue,
    description: text(34),
    format: text(35),
  },
  36,
);

const content = (number: number): Put =>
  within(
    number,
    pairs(
      1,
      one(2, () => message({ schema: one(1, () => schemaItem) }, 5)),
    ),
  );

const parameter = message(
  { name: text(1), in: text(2), description: text(3), required: flag(4), schema: one(10, () => schemaItem) },
  14,
);
const parameterItem = orReference(() => parameter);
const requestBody = message({ description: text(1), content: content(2), required: flag(3) }, 4);
const response = message({ description: text(1), content: content(3) }, 5);

const operation = message(
  {
    tags: texts(1),
    summary: text(2),
    description: text(3),
    operationId: text(5),
    parameters: many(6, () => parameterItem),
    requestBody: within(
      7,
      one(1, () => requestBody),
    ),
    responses: within(
      8,
      pairs(
        2,
        one(2, () => orReference(() => response)),
      ),
    ),
    deprecated: flag(10),
  },
  13,
);

const operationPut = (number: number): Put => one(number, () => operation);

const pathItem = message(
  {
    get: operationPut(4),
    put: operationPut(5),
    post: operationPut(6),
    delete: operationPut(7),
    options: operationPut(8),
    head: operationPut(9),
    patch: operationPut(10),
    parameters: many(13, () => parameterItem),
  },
  14,
);

const securityScheme = message({ type: text(1), description: text(2), name: text(3), in: text(4) }, 9);

const components = message(
  {
    schemas: within(
      1,
      pairs(
        1,
        one(2, () => schemaItem),
      ),
    ),
    securitySchemes: within(
      7,
      pairs(
        1,
        one(2, () => orReference(() => securityScheme)),
      ),
    ),
  },
  10,
);

const document = message(
  {
    openapi: text(1),
    info: one(2, () => message({ title: text(1), description: text(2), version: text(6) }, 7)),
    paths: within(
      4,
      pairs(
        1,
        one(2, () => pathItem),
      ),
    ),
    components: one(5, () => components),
  },
  9,
);

export const protobufV3 = (json: JsonObject): Buffer => encoded(document, json);

/** Messages out of the generated table: each is made when it is first asked for, and all know each other by name. */
import { type Field, fieldOf } from './field.ts';
import { createMessage, inlineField, type Message } from './message.ts';
import { scalars } from './scalar.ts';
import { specialValue } from './special.ts';
import type { Value } from './value.ts';

/**
 * Message -> JSON name of a field -> `number type`. Before the type `*` is a pointer, `[]` a list, `{}` a map with keys
 * of text; behind it `?` is Go's omitempty, `0` its omitzero. A type without dots is a scalar or of the same package. A
 * field called `+number` has its own fields shown among the others. A row that is a word names a type of special.ts.
 */
export type MessageTable = Readonly<Record<string, string | Readonly<Record<string, string>>>>;

/** undefined for a message that the table does not have, or that is no object in JSON. */
export type FindMessage = (name: string) => Message | undefined;

const notation = /^(\d+) (\*|\[\]|\{\})?([\w.]+)(\?)?(0)?$/;
const shapes = { '*': 'pointer', '[]': 'list', '{}': 'map' } as const;

const packageOf = (message: string) => message.slice(0, message.lastIndexOf('.'));

export function messageTypes(table: MessageTable): FindMessage {
  const values = new Map<string, Value>();
  const messages = new Map<string, Message>();

  const messageOf = (name: string, row: Readonly<Record<string, string>>): Message =>
    createMessage(name, () => Object.entries(row).map(([field, text]) => fieldIn(name, field, text)));

  const fieldIn = (message: string, name: string, text: string): Field => {
    const parts = notation.exec(text);
    if (!parts) throw new RangeError(`not understood in the protobuf table: ${text}`);
    const [, number, shape, type, omitEmpty, omitZero] = parts;
    const value = valueCalled(type!, message);
    if (name.startsWith('+')) return inlineField(Number(number), value as Message);
    return fieldOf({
      number: Number(number),
      name,
      shape: shape ? shapes[shape as keyof typeof shapes] : 'one',
      value,
      omitEmpty: omitEmpty !== undefined,
      omitZero: omitZero !== undefined,
    });
  };

  const valueCalled = (type: string, user: string): Value => {
    const scalar = scalars[type];
    if (scalar) return scalar;
    const name = type.includes('.') ? type : `${packageOf(user)}.${type}`;
    const value = find(name) ?? values.get(name);
    if (!value) throw new RangeError(`the protobuf table has no ${name}`);
    return value;
  };

  const find: FindMessage = (name) => {
    const known = messages.get(name);
    if (known || values.has(name) || !Object.hasOwn(table, name)) return known;
    const row = table[name]!;
    if (typeof row === 'string') {
      values.set(
        name,
        specialValue(row, (inner) => messageOf(name, inner)),
      );
      return undefined;
    }
    const message = messageOf(name, row);
    messages.set(name, message);
    return message;
  };
  return find;
}

/** What mutating policies have besides: `Object{…}` for apply configurations and `JSONPatch{…}`. */

import { type CelType, celTypes } from '../types.ts';
import { type CelLibrary, declare, overload } from './declare.ts';

const { dyn, string } = celTypes;

const jsonPatch = celTypes.object(
  'JSONPatch',
  new Map<string, CelType>([
    ['op', string],
    ['from', string],
    ['path', string],
    ['value', dyn],
  ]),
);

/** Nothing is known of the object a policy is about: any field of any type. */
const anyField = { get: () => dyn };

const escapeKey = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1');

export const mutation: CelLibrary = {
  functions: [
    declare('jsonpatch.escapeKey', overload('string_jsonpatch_escapeKey_string', [string], string, escapeKey)),
  ],
  struct: (name) => {
    if (name === 'JSONPatch') return jsonPatch;
    return name === 'Object' || name.startsWith('Object.') ? celTypes.object(name, anyField) : undefined;
  },
};

/** Every script that gopher-lua, the Lua of the reference, has answered, answered the same; test/conformance/lua asks it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { JsonValue } from '#kube/meta/object.ts';
import { LuaError, LuaSyntaxError } from './error.ts';
import { compile } from './lua.ts';

interface Case {
  readonly script: string;
  readonly results?: readonly JsonValue[];
  readonly error?: string;
}

const cases: readonly Case[] = readFileSync(join(import.meta.dirname, 'testdata', 'programs.jsonl'), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as Case);

/** Ours say more than `syntax error` and the reference's place; what both say is compared. */
const plain = (message: string) => message.replace(/(syntax error).*$/s, '$1');

function outcome(script: string): Omit<Case, 'script'> {
  try {
    return { results: compile(`function main() ${script}\nend`, '<string>').call('main', []) };
  } catch (error) {
    if (error instanceof LuaError || error instanceof LuaSyntaxError) return { error: plain(error.message) };
    throw error;
  }
}

describe('as gopher-lua', () => {
  test.each(cases)('$script', ({ script, results, error }) => {
    expect(outcome(script)).toEqual(error === undefined ? { results: results ?? [] } : { error: plain(error) });
  });
});

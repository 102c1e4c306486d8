/**
 * The committed expectations: a file for each step, holding what had changed since the step before. Written from
 * ../shared by write.ts; read here without it.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonValue } from '#kube/meta/object.ts';
import { applyMergePatch, createMergePatch } from '#kube/patch/merge.ts';
import { parseYaml, toYaml } from '#kube/yaml/yaml.ts';
import type { Snapshot } from './snapshot.ts';

interface Changes {
  /** A merge patch of objects and tables. */
  readonly changed: JsonValue;
  /** Events seen since. */
  readonly events: readonly string[];
}

const nothing: Snapshot = { objects: {}, tables: {}, events: [] };
const pathOf = (step: string) => join(import.meta.dirname, 'testdata', `${step}.yaml`);
const state = ({ objects, tables }: Snapshot) => ({ objects, tables }) as unknown as JsonValue;

export function writeExpectations(steps: readonly string[], at: (step: string) => Snapshot): void {
  let before = nothing;
  for (const step of steps) {
    const after = at(step);
    const changes: Changes = {
      changed: createMergePatch(state(before), state(after)),
      events: after.events.filter((event) => !before.events.includes(event)),
    };
    writeFileSync(pathOf(step), toYaml(changes as unknown as JsonValue));
    before = after;
  }
}

/** What is expected after each of these steps, in their order. */
export function readExpectations(steps: readonly string[]): ReadonlyMap<string, Snapshot> {
  const result = new Map<string, Snapshot>();
  let before = nothing;
  for (const step of steps) {
    const { changed, events } = parseYaml(readFileSync(pathOf(step), 'utf8')) as unknown as Changes;
    const now = applyMergePatch(state(before), changed ?? {}) as unknown as Snapshot;
    before = { ...now, events: [...before.events, ...events].sort() };
    result.set(step, before);
  }
  return result;
}

/** Sends what was recorded to a server, and holds its answers against the recorded ones. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ExpectStatic } from 'vitest';
import type { Door } from '#harness/exchange.ts';
import { readRecording, Words } from '#harness/recording.ts';
import type { Difference } from './differences.ts';

const folder = join(import.meta.dirname, 'recordings');

export const recordingFile = (name: string): string => join(folder, `${name}.jsonl`);

export const recordings = (): readonly string[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.jsonl'))
    .map((file) => file.slice(0, -'.jsonl'.length))
    .sort();

export async function makeNamespace(door: Door, name: string): Promise<void> {
  const answer = await door.ask({
    method: 'POST',
    path: '/api/v1/namespaces',
    type: 'application/json',
    body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name } },
  });
  if (answer.status !== 201) throw new Error(`namespace ${name} cannot be made: ${JSON.stringify(answer.body)}`);
}

/**
 * Softly: every answer that differs is told, with the request it belongs to. Of `allowed` differences only the status
 * is compared, and each must be one.
 */
export async function expectRecorded(
  door: Door,
  name: string,
  expect: ExpectStatic,
  allowed: readonly Difference[] = [],
): Promise<void> {
  const namespace = `replay-${name}`;
  await makeNamespace(door, namespace);
  const words = new Words(namespace);
  const excused = new Set(allowed.filter(({ recording }) => recording === name).flatMap(({ lines }) => lines));
  for (const [index, { asked, answered }] of readRecording(recordingFile(name)).entries()) {
    const request = words.filled(asked);
    words.asked(request);
    const { headers, ...told } = words.answered(await door.ask(request));
    const answer = answered.headers ? { headers, ...told } : told;
    const what = `line ${index + 1}: ${request.method} ${request.path}`;
    if (excused.has(index + 1)) {
      expect.soft(answer, `${what} is no difference any more`).not.toEqual(answered);
      expect.soft(answer.status, what).toBe(answered.status);
    } else expect.soft(answer, what).toEqual(answered);
  }
}

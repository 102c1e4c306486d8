/** Sends what was recorded to a server, and holds its answers against the recorded ones. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ExpectStatic } from 'vitest';
import type { Answered, Asked, Door } from '#harness/exchange.ts';
import { readRecording, Words } from '#harness/recording.ts';
import { until } from '#harness/until.ts';
import type { Difference } from './differences.ts';

/** On two busy cores a definition has taken seconds to be served. */
const patienceMs = 10_000;

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

/** A real server needs a moment until it serves what a definition says: such requests are made again, and say no more than that. */
export async function askPatiently(door: Door, asked: Asked): Promise<Answered> {
  if (asked.until === undefined) return door.ask(asked);
  let last: Answered | undefined;
  const look = async () => {
    last = await door.ask(asked);
    return last.status === asked.until;
  };
  await until(`${asked.method} ${asked.path} is answered with ${asked.until}`, look, patienceMs).catch(
    (error: Error) => {
      throw new Error(`${error.message}; the last answer: ${JSON.stringify(last)}`);
    },
  );
  return { status: asked.until, body: null };
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
    const { headers, ...told } = words.answered(await askPatiently(door, request));
    const answer = answered.headers ? { headers, ...told } : told;
    const what = `line ${index + 1}: ${request.method} ${request.path}`;
    if (excused.has(index + 1)) {
      expect.soft(answer, `${what} is no difference any more`).not.toEqual(answered);
      expect.soft(answer.status, what).toBe(answered.status);
    } else expect.soft(answer, what).toEqual(answered);
  }
}

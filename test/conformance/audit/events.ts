/** Audit events without what differs from run to run, in an order of their own: by request, then by stage. */
import { Words } from '#harness/words.ts';
import type { JsonObject } from '#kube/meta/object.ts';
import { namespace } from './requests.ts';

const stages = ['RequestReceived', 'ResponseStarted', 'ResponseComplete', 'Panic'];

/** What an event is of: `audit-7 ResponseComplete`. */
export const named = ({ auditID, stage }: JsonObject) => `${auditID as string} ${stage as string}`;

const numberOf = ({ auditID }: JsonObject) => Number((auditID as string).slice('audit-'.length));
const stageOf = ({ stage }: JsonObject) => stages.indexOf(stage as string);

/** Tables and logs say how long things took; a server's own times and addresses are words. */
function plain(event: JsonObject): JsonObject {
  const { requestReceivedTimestamp: _received, stageTimestamp: _stage, ...rest } = event;
  return rest;
}

export function comparable(lines: readonly string[]): readonly JsonObject[] {
  const words = new Words(`${namespace}-none`);
  return lines
    .map((line) => JSON.parse(line) as JsonObject)
    .filter(({ auditID }) => (auditID as string).startsWith('audit-'))
    .sort((left, right) => numberOf(left) - numberOf(right) || stageOf(left) - stageOf(right))
    .map((event) => words.answered({ status: 200, body: plain(event) }).body as JsonObject);
}

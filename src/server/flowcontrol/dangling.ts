/** The Dangling condition of a FlowSchema: whether the level it leads to exists. Pure. */
import type { FlowCondition, FlowSchema } from './objects.ts';

const type = 'Dangling';

/** The condition as it should be, or undefined when it is so already. */
export function danglingCondition(
  { spec, status }: Pick<FlowSchema, 'spec' | 'status'>,
  levelExists: boolean,
  now: string,
): FlowCondition | undefined {
  const { name } = spec.priorityLevelConfiguration;
  const subject = `This FlowSchema references the PriorityLevelConfiguration object named ${JSON.stringify(name)}`;
  const wanted = levelExists
    ? { status: 'False', reason: 'Found', message: `${subject} and it exists` }
    : { status: 'True', reason: 'NotFound', message: `${subject} but there is no such object` };
  const found = status?.conditions?.find((condition) => condition.type === type);
  if (found?.status === wanted.status && found.reason === wanted.reason && found.message === wanted.message) {
    return undefined;
  }
  return { type, status: wanted.status, lastTransitionTime: now, reason: wanted.reason, message: wanted.message };
}

/** Stages out of YAML, checked: a mistake in a stage is said with the stage's name before anything runs. */
import type { NodeCondition } from '#apis/kubernetes/types.ts';
import type { JsonObject, JsonValue } from '#kube/meta/object.ts';
import { parseYaml } from '#kube/yaml/yaml.ts';
import { compileMatch } from './match.ts';
import type { ContainerNext, Delay, NodeLife, PodNext, PodStage, StageEvent, StageSet } from './stages.ts';

/** Throws SyntaxError for what is no YAML, RangeError for what is no set of stages. */
export function readStages(name: string, text: string): StageSet {
  const set = new Section(`stages ${name}`, parseYaml(text));
  const stages = {
    name,
    pods: set.list('pods', podStage),
    nodes: nodeLife(set.section('nodes')),
  };
  set.end();
  return stages;
}

/** A map that is read field by field; what nobody read is a mistake. */
class Section {
  private readonly at: string;
  private readonly fields: JsonObject;
  private readonly unread: Set<string>;

  constructor(at: string, value: JsonValue | undefined) {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw new RangeError(`${at}: must be a map`);
    this.at = at;
    this.fields = value as JsonObject;
    this.unread = new Set(Object.keys(value));
  }

  get keys(): readonly string[] {
    return Object.keys(this.fields);
  }

  take(name: string): JsonValue | undefined {
    this.unread.delete(name);
    return this.fields[name];
  }

  has(name: string): boolean {
    return this.fields[name] !== undefined;
  }

  text(name: string): string {
    const value = this.take(name);
    if (typeof value !== 'string' || value === '') throw this.wrong(name, 'must be a text');
    return value;
  }

  number(name: string, otherwise?: number): number {
    const value = this.take(name) ?? otherwise;
    if (typeof value !== 'number' || value < 0) throw this.wrong(name, 'must be a number, 0 or more');
    return value;
  }

  flag(name: string, otherwise: boolean): boolean {
    const value = this.take(name) ?? otherwise;
    if (typeof value !== 'boolean') throw this.wrong(name, 'must be true or false');
    return value;
  }

  oneOf<T extends string>(name: string, allowed: readonly T[]): T {
    const value = this.take(name);
    const found = allowed.find((each) => each === value);
    if (found === undefined) throw this.wrong(name, `must be one of ${allowed.join(', ')}`);
    return found;
  }

  section(name: string): Section {
    return new Section(`${this.at}: ${name}`, this.take(name));
  }

  list<T>(name: string, read: (section: Section) => T): readonly T[] {
    const value = this.take(name);
    if (!Array.isArray(value)) throw this.wrong(name, 'must be a list');
    return value.map((item: JsonValue, i) => {
      const called = (item as { readonly name?: JsonValue } | null)?.name;
      const section = new Section(`${this.at}: ${name} ${typeof called === 'string' ? called : i}`, item);
      const made = read(section);
      section.end();
      return made;
    });
  }

  end(): void {
    const [first] = this.unread;
    if (first !== undefined) throw this.wrong(first, 'is not a field here');
  }

  wrong(name: string, why: string): RangeError {
    return new RangeError(`${this.at}: ${name} ${why}`);
  }
}

function podStage(stage: Section): PodStage {
  const when = stage.section('when');
  return {
    name: stage.text('name'),
    when: when.keys.map((path) => compileMatch(path, when.take(path)!)),
    delay: delay(stage),
    next: podNext(stage.section('next')),
  };
}

const noDelay: Delay = { milliseconds: 0, jitterMilliseconds: 0, doublesWithRestarts: false, mostMilliseconds: 0 };

function delay(stage: Section): Delay {
  if (!stage.has('delay')) return noDelay;
  const section = stage.section('delay');
  const milliseconds = section.number('milliseconds');
  const read = {
    milliseconds,
    jitterMilliseconds: section.number('jitterMilliseconds', 0),
    doublesWithRestarts: section.flag('doublesWithRestarts', false),
    mostMilliseconds: section.number('mostMilliseconds', milliseconds),
  };
  section.end();
  return read;
}

const phases = ['Pending', 'Running', 'Succeeded', 'Failed'] as const;

function podNext(next: Section): PodNext {
  const read: PodNext = {
    ...(next.has('delete') && next.flag('delete', false) ? { delete: true } : {}),
    ...(next.has('phase') ? { phase: next.oneOf('phase', phases) } : {}),
    ...(next.has('reason') ? { reason: next.text('reason') } : {}),
    ...(next.has('message') ? { message: next.text('message') } : {}),
    ...(next.has('initContainers') ? { initContainers: containerNext(next.section('initContainers')) } : {}),
    ...(next.has('containers') ? { containers: containerNext(next.section('containers')) } : {}),
    events: next.has('events') ? next.list('events', stageEvent) : [],
  };
  next.end();
  return read;
}

function containerNext(section: Section): ContainerNext {
  const read = {
    state: section.oneOf('state', ['waiting', 'running', 'terminated']),
    ...(section.has('reason') ? { reason: section.text('reason') } : {}),
    ...(section.has('message') ? { message: section.text('message') } : {}),
    exitCode: section.number('exitCode', 0),
    ready: section.flag('ready', true),
  };
  section.end();
  return read;
}

const stageEvent = (section: Section): StageEvent => ({
  type: section.oneOf('type', ['Normal', 'Warning']),
  reason: section.text('reason'),
  message: section.text('message'),
});

function nodeLife(section: Section): NodeLife {
  const read = {
    renewSeconds: section.number('renewSeconds'),
    leaseSeconds: section.number('leaseSeconds'),
    statusSeconds: section.number('statusSeconds'),
    conditions: section.list('conditions', nodeCondition),
  };
  section.end();
  return read;
}

const nodeCondition = (section: Section): NodeCondition => ({
  type: section.text('type'),
  status: section.oneOf('status', ['True', 'False', 'Unknown']),
  reason: section.text('reason'),
  message: section.text('message'),
});

/** What the stored objects say: which levels there are, and which schemas lead to them, in the order they are asked. Pure. */
import { catchAllLevel, catchAllSchema, exemptLevel, exemptSchema, type Wanted } from './bootstrap-objects.ts';
import type { FlowSchema, FlowSchemaSpec, LevelSpec, PriorityLevel } from './objects.ts';

export interface Named<S> {
  readonly name: string;
  /** '' for one that must be there and is not stored. */
  readonly uid: string;
  readonly spec: S;
}

export interface FlowConfiguration {
  readonly levels: readonly Named<LevelSpec>[];
  /** By precedence. Those that lead nowhere are left out. */
  readonly schemas: readonly Named<FlowSchemaSpec>[];
}

/** Of an object that says nothing usable nothing is taken; validation has kept such objects out. */
const usable = ({ metadata, spec }: PriorityLevel): boolean =>
  spec.type === 'Exempt' ? metadata.name === exemptLevel.name : spec.limited !== undefined;

const namedOf = <S>(object: { readonly metadata: PriorityLevel['metadata']; readonly spec: S }): Named<S> => ({
  name: object.metadata.name ?? '',
  uid: object.metadata.uid ?? '',
  spec: object.spec,
});

function withMandatory<S>(found: readonly Named<S>[], wanted: readonly Wanted<S>[]): readonly Named<S>[] {
  const missing = wanted.filter(({ name }) => !found.some((each) => each.name === name));
  return [...found, ...missing.map(({ name, spec }) => ({ name, uid: '', spec }))];
}

const byPrecedence = (a: Named<FlowSchemaSpec>, b: Named<FlowSchemaSpec>): number =>
  a.spec.matchingPrecedence - b.spec.matchingPrecedence || (a.name < b.name ? -1 : 1);

export function flowConfiguration(schemas: readonly FlowSchema[], levels: readonly PriorityLevel[]): FlowConfiguration {
  const known = withMandatory(levels.filter(usable).map(namedOf), [exemptLevel, catchAllLevel]);
  const names = new Set(known.map(({ name }) => name));
  const led = withMandatory(schemas.map(namedOf), [exemptSchema, catchAllSchema]);
  return {
    levels: known,
    schemas: led.filter(({ spec }) => names.has(spec.priorityLevelConfiguration.name)).sort(byPrecedence),
  };
}

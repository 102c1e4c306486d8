/** A kind's meaning from Lua scripts: which function each operation is, and what its answer must look like. */
import type { ResourceInterpreterCustomization } from '#apis/config/customization.ts';
import { interpreterOperations } from '#apis/config/operations.ts';
import type { JsonValue } from '#kube/meta/object.ts';
import {
  aggregatedIn,
  componentsIn,
  dependenciesIn,
  healthIn,
  objectIn,
  replicasIn,
  statusIn,
  type Told,
} from '../answers.ts';
import type { KindInterpreter } from '../interpreter.ts';
import { type CallOptions, luaEngine, type Program, type ScriptEngine } from './engine.ts';

/** Scripts by operation, as a customization holds them. */
export type Scripts = ResourceInterpreterCustomization['spec']['customizations'];

type Call = keyof KindInterpreter;
type Run = (...args: readonly unknown[]) => Promise<readonly Told[]>;

/** What each operation makes of the values its function returned; the operation's own arguments come first. */
const readings: { readonly [C in Call]-?: (run: Run) => NonNullable<KindInterpreter[C]> } = {
  getReplicas: (run) => async (template) => {
    const [replicas, requirements] = await run(template);
    return replicasIn(replicas, requirements);
  },
  getComponents: (run) => async (template) => componentsIn((await run(template))[0]),
  reviseReplica: (run) => async (manifest, replicas) => objectIn(manifest, (await run(manifest, replicas))[0]),
  retain: (run) => async (desired, observed) => objectIn(desired, (await run(desired, observed))[0]),
  reflectStatus: (run) => async (observed) => statusIn((await run(observed))[0]),
  interpretHealth: (run) => async (observed) => healthIn((await run(observed))[0]),
  aggregateStatus: (run) => async (template, items) => aggregatedIn(template, (await run(template, items))[0]),
  getDependencies: (run) => async (template) => dependenciesIn((await run(template))[0]),
};

/** Whatever goes wrong is said with whose script and which function it was. */
async function told<T>(origin: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(why.startsWith(origin) ? why : `${origin}: ${why}`, { cause: error });
  }
}

/** What scripts meet of the world. */
export interface ScriptWorld {
  /** Milliseconds since 1970; 0 for scripts that do not ask for the time. */
  readonly now?: () => number;
  readonly print?: CallOptions['print'];
  readonly engine?: () => Promise<ScriptEngine>;
}

/** So long a script that was stopped is not run again: however many objects wait for it, it takes a small part of the time. */
const restMs = 1_000;

const wasStopped = (error: unknown) => (error as { readonly stopped?: boolean }).stopped === true;

/** The script compiled at its first call, and once: a customization nobody needs costs nothing. */
function runner(source: string, script: string, origin: string, world: ScriptWorld): Run {
  const { now = () => 0, print, engine = luaEngine } = world;
  let compiled: Promise<Program> | undefined;
  let stopped: { readonly at: number; readonly error: unknown } | undefined;
  // A clock that is set back ends a rest.
  const rests = (since: number) => since >= 0 && since < restMs;
  return async (...args) => {
    compiled ??= engine().then(({ compile }) => compile(source, origin));
    const program = await compiled;
    if (stopped && rests(now() - stopped.at)) throw stopped.error;
    try {
      return program.call(script, args as readonly JsonValue[], { now: now(), ...(print ? { print } : {}) });
    } catch (error) {
      if (wasStopped(error)) stopped = { at: now(), error };
      throw error;
    }
  };
}

/**
 * The interpreter that these scripts are. `chunkName` stands before every error, with the function and, where the
 * engine knows it, the line.
 */
export function interpreterFromScripts(scripts: Scripts, chunkName: string, world: ScriptWorld = {}): KindInterpreter {
  const found: Record<string, unknown> = {};
  for (const { call, customization, script } of interpreterOperations) {
    const source = scripts[customization]?.luaScript ?? '';
    if (source === '') continue;
    const origin = `${chunkName} ${script}`;
    const answer = readings[call](runner(source, script, origin, world)) as (
      ...args: readonly unknown[]
    ) => Promise<unknown>;
    found[call] = (...args: readonly unknown[]) => told(origin, () => answer(...args));
  }
  return found as KindInterpreter;
}

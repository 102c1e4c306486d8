/** The meaning of other projects' kinds, as Lua scripts of ours that are read when they are first needed. */
import type { ResourceInterpreterCustomization } from '#apis/config/customization.ts';
import { parseYaml } from '#kube/yaml/yaml.ts';
import type { Disk } from '#world/disk/disk.ts';
import { interpreterFromScripts, type ScriptWorld } from '../declarative/scripts.ts';
import type { InterpreterSource, KindInterpreter } from '../interpreter.ts';
import { type Operation, thirdPartyKinds } from './kinds.ts';

/** `root` is the folder that the program is installed in. */
export function thirdPartySource(
  disk: Pick<Disk, 'readText'>,
  root: string,
  world: ScriptWorld = {},
): InterpreterSource {
  // At most as many as the table has rows.
  const interpreters = new Map<string, KindInterpreter>();
  return (apiVersion, kind) => {
    const key = `${apiVersion}/${kind}`;
    const known = interpreters.get(key);
    if (known || !Object.hasOwn(thirdPartyKinds, key)) return known;
    const made = lazyInterpreter(thirdPartyKinds[key]!, () => read(disk, root, key, world));
    interpreters.set(key, made);
    return made;
  };
}

async function read(disk: Pick<Disk, 'readText'>, root: string, key: string, world: ScriptWorld) {
  const path = `${root}/data/interpreters/${key}.yaml`;
  const text = await disk.readText(path);
  if (text === undefined) throw new Error(`${path} is missing: the program is not whole; install it again`);
  const { spec } = parseYaml(text) as unknown as ResourceInterpreterCustomization;
  return interpreterFromScripts(spec.customizations, `interpreter of ${key}`, world);
}

/** Answers once the scripts are read; what could not be read is tried again at the next question. */
function lazyInterpreter(operations: readonly Operation[], load: () => Promise<KindInterpreter>): KindInterpreter {
  let loading: Promise<KindInterpreter> | undefined;
  const loaded = async (): Promise<KindInterpreter> => {
    loading ??= load();
    try {
      return await loading;
    } catch (error) {
      loading = undefined;
      throw error;
    }
  };
  const ask =
    (operation: Operation) =>
    async (...args: readonly unknown[]) => {
      const interpreter = await loaded();
      return (interpreter[operation] as (...given: readonly unknown[]) => unknown)(...args);
    };
  return Object.fromEntries(operations.map((operation) => [operation, ask(operation)])) as KindInterpreter;
}

/** `interpret --operation`: runs one operation of customizations over objects from files, and prints what it answers. */
import type { InterpreterOperation } from '#apis/config/operations.ts';
import type { AggregatedStatusItem } from '#apis/work/binding-spec.ts';
import { fixedSource } from '#interpreter/declarative/source.ts';
import type { KindInterpreter } from '#interpreter/interpreter.ts';
import type { JsonObject, JsonValue, UnstructuredObject } from '#kube/meta/object.ts';
import { toYaml } from '#kube/yaml/yaml.ts';
import type { Call } from '../command.ts';
import { CommandError, throwAll } from '../failure.ts';
import { documentsIn, manifestsIn } from '../targets/manifests.ts';
import { asCustomization, customizationsOf } from './customizations.ts';
import { operationNamed } from './rules.ts';

interface Given {
  readonly desired?: UnstructuredObject;
  readonly observed?: UnstructuredObject;
  readonly items: readonly AggregatedStatusItem[];
  readonly replicas: number;
}

/** What is printed, part by part. */
type Answers = readonly (readonly [string, unknown])[];

const none = (which: 'desired' | 'observed') => new CommandError(`${which}, ${which}-file options are not set`);

/** The one object there is to be asked about, whichever flag it came by. */
function only({ desired, observed }: Given): UnstructuredObject {
  if (desired && observed) throw new CommandError('you can not specify both desired-file and observed-file options');
  const object = desired ?? observed;
  if (!object) throw new CommandError('desired-file, observed-file options are not set');
  return object;
}

type Ask = (interpreter: KindInterpreter, given: Given) => Promise<Answers>;

const asking: { readonly [C in keyof KindInterpreter]-?: Ask } = {
  retain: async ({ retain }, { desired, observed }) => {
    if (!desired) throw none('desired');
    if (!observed) throw none('observed');
    return [['retained', await retain!(desired, observed)]];
  },
  getReplicas: async ({ getReplicas }, given) => {
    const { replicas, requirements } = await getReplicas!(only(given));
    return [
      ['replica', replicas],
      ['requires', requirements ?? null],
    ];
  },
  getComponents: async ({ getComponents }, given) => [['components', await getComponents!(only(given))]],
  reviseReplica: async ({ reviseReplica }, given) => [['revised', await reviseReplica!(only(given), given.replicas)]],
  reflectStatus: async ({ reflectStatus }, given) => [['status', (await reflectStatus!(only(given))) ?? null]],
  aggregateStatus: async ({ aggregateStatus }, given) => {
    const object = only(given);
    return [['aggregatedStatus', { ...object, status: await aggregateStatus!(object, given.items) }]];
  },
  interpretHealth: async ({ interpretHealth }, given) => [
    ['healthy', (await interpretHealth!(only(given))) === 'Healthy'],
  ],
  getDependencies: async ({ getDependencies }, given) => [['dependencies', await getDependencies!(only(given))]],
};

export async function execute(call: Call): Promise<number> {
  const { around, flags } = call;
  if (flags.text('operation') === '') throw new CommandError('operation is not set for executing');
  const operation = operationNamed(flags.text('operation'));
  const print = printer(call);
  const customizations = (await customizationsOf(call)).map(asCustomization);
  const given = await read(call);
  try {
    const world = { now: around.clock.now, print: (text: string) => around.errors.write(`${text}\n`) };
    const source = fixedSource(customizations, world);
    const { apiVersion, kind } = operation.name === 'Retain' ? (given.desired ?? only(given)) : only(given);
    const interpreter = source(apiVersion, kind) ?? {};
    if (!interpreter[operation.call]) throw new CommandError(disabled(operation, apiVersion, kind));
    print(await asking[operation.call](interpreter, given));
    return 0;
  } catch (error) {
    around.errors.write(`Execute ${operation.name} error: ${(error as Error).message}\n`);
    return 1;
  }
}

const disabled = ({ name }: InterpreterOperation, apiVersion: string, kind: string) =>
  `rule is not enabled: no customization given has a script of ${name} for ${apiVersion} ${kind}`;

async function read({ around, flags }: Call): Promise<Given> {
  const objectIn = async (flag: string) => {
    const path = flags.text(flag);
    if (path === '') return undefined;
    const { manifests, failures } = await manifestsIn(around, [path], false);
    throwAll(failures);
    if (manifests.length !== 1) throw new CommandError(`--${flag}: get ${manifests.length} objects, expect one`);
    return manifests[0]!.object as UnstructuredObject;
  };
  const [desired, observed] = [await objectIn('desired-file'), await objectIn('observed-file')];
  const path = flags.text('status-file');
  const items = path === '' ? [] : (await documentsIn(around, path)).map(itemOf);
  return {
    ...(desired ? { desired } : {}),
    ...(observed ? { observed } : {}),
    items,
    replicas: flags.number('desired-replica'),
  };
}

function itemOf(document: JsonValue, index: number): AggregatedStatusItem {
  const { clusterName } = (document ?? {}) as JsonObject;
  if (typeof clusterName !== 'string' || clusterName === '')
    throw new CommandError(`--status-file: status item ${index + 1} has no clusterName`);
  return document as unknown as AggregatedStatusItem;
}

/** Throws CommandError for another format. */
function printer({ around, flags }: Call): (answers: Answers) => void {
  const format = flags.text('output');
  if (format !== '' && format !== 'yaml' && format !== 'json')
    throw new CommandError(`unable to print what an operation answers as "${format}", use one of: yaml, json`);
  return (answers) => {
    if (format === 'json') around.output.write(`${JSON.stringify(Object.fromEntries(answers), undefined, 4)}\n`);
    else
      for (const [i, [name, value]] of answers.entries())
        around.output.write(`---\n# [${i + 1}/${answers.length}] ${name}:\n${toYaml(value as JsonValue)}`);
  };
}

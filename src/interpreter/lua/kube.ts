/** The module `kube` of the reference's scripts: what they cannot well compute themselves. */
import type { JsonObject, JsonValue, UnstructuredObject } from '#kube/meta/object.ts';
import { addQuantity, formatQuantity, parseQuantity, type Quantity } from '#kube/quantity/quantity.ts';
import { podDependencies } from '../native/dependencies.ts';
import { type PodTemplate, requirementsOf } from '../native/requirements.ts';
import type { HostFunction, LuaModules } from './modules.ts';

const zero: Quantity = { nano: 0n, format: 'DecimalSI' };

function quantityOf(name: string, value: JsonValue | undefined, position: number): Quantity {
  if (value === null || value === undefined) return zero;
  if (typeof value === 'string') return parseOrFail(value);
  throw new Error(`bad argument #${position} to ${name} (string expected)`);
}

/** What is no quantity is an error of the script, in the words of the quantity's parser. */
function parseOrFail(text: string): Quantity {
  try {
    return parseQuantity(text);
  } catch (error) {
    throw new Error(`cannot parse '${text}': ${(error as Error).message}`);
  }
}

/** Scripts may hand over anything: what no template looks like is told as such, not by where we stumbled. */
function read<T>(name: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new Error(`${name}: fail to convert the lua value to a Pod template: ${(error as Error).message}`);
  }
}

/** An empty table is an empty list at the border. */
const templateOf = (name: string, value: JsonValue | undefined): JsonObject => {
  if (typeof value !== 'object' || value === null) throw new Error(`bad argument #1 to ${name} (table expected)`);
  return Array.isArray(value) ? {} : (value as JsonObject);
};

function exactly(name: string, args: readonly JsonValue[], count: 1 | 2): void {
  if (args.length !== count) throw new Error(`${name} only accepts ${count === 1 ? 'one argument' : 'two argument'}`);
}

/** The sum of quantities, nil being nothing. */
const resourceAdd: HostFunction = (args) =>
  formatQuantity(args.map((each, at) => quantityOf('resourceAdd', each, at + 1)).reduce(addQuantity, zero));

/** What one Pod of a template asks of a node: a ReplicaRequirements, or nil. */
const accuratePodRequirements: HostFunction = (args) => {
  exactly('getPodRequirements', args, 1);
  const template = templateOf('accuratePodRequirements', args[0]);
  const requirements = read('accuratePodRequirements', () => requirementsOf(template as PodTemplate));
  return (requirements as JsonObject | undefined) ?? null;
};

/** What Pods of a template need where they run, in the namespace, or in `default`. */
const getPodDependencies: HostFunction = (args) => {
  exactly('getPodDependencies', args, 2);
  const [template, namespace] = [templateOf('getPodDependencies', args[0]), args[1] ?? 'default'];
  if (typeof namespace !== 'string' && typeof namespace !== 'number') {
    throw new Error('bad argument #2 to getPodDependencies (string expected)');
  }
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { namespace: String(namespace) }, spec: template.spec };
  return read('getPodDependencies', () => podDependencies(pod as UnstructuredObject)) as unknown as JsonValue;
};

/** A quantity as a number of whole units. */
const getResourceQuantity: HostFunction = (args) => {
  exactly('getResourceQuantity', args, 1);
  const quantity = quantityOf('getResourceQuantity', args[0], 1);
  if (quantity.nano < 0n)
    throw new Error(`int approximation unexpectedly returned a negative value: ${formatQuantity(quantity)}`);
  return Number(quantity.nano) / 1e9;
};

export const kubeModules: LuaModules = {
  kube: { accuratePodRequirements, getPodDependencies, getResourceQuantity, resourceAdd },
};

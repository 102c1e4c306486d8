/** The rules of one schema of a definition: whether they compile, and whether they cost too much. */
import { celMaxCardinality } from '#kube/cel/schema-type.ts';
import type { JsonValue } from '#kube/meta/object.ts';
import { schemaFromOpenApi } from '#kube/openapi/openapi.ts';
import { forbiddenField, internalCause, invalidValue } from '#kube/status/causes.ts';
import type { StatusCause } from '#kube/status/status.ts';
import { shownRule } from '../validation/internal.ts';
import type { Place } from '../validation/openapi.ts';
import type { Props } from '../validation/props.ts';
import { mostCost, times } from '../validation/rule-cardinality.ts';
import type { RuleReader } from '../validation/schema.ts';
import { type CompiledRule, compileRules, type RulesOf } from './compile.ts';
import { evaluateRules, ruleBudget } from './evaluate.ts';
import { ruleTree } from './tree.ts';

/** What one expression, and all of a definition, may be estimated to cost. */
const mostPerExpression = 10_000_000n;
const mostPerSchema = 100_000_000n;
/** So many of the most expensive are named where all together cost too much. */
const namedExpensive = 4;

interface Spent {
  readonly path: string;
  readonly cost: bigint;
}

/** `suppressCost`: the schema is as it was, and so may its rules be. */
export function ruleReader(suppressCost: boolean): RuleReader {
  const spent: Spent[] = [];
  let budget = ruleBudget;
  return {
    checkRules: (props, place) => checkRules(props, place, suppressCost, spent),
    checkDefault: (props, value, path, isRoot) => {
      const found = checkDefault(props, value, path, isRoot, budget);
      budget = found.remaining;
      return found.causes;
    },
    totalCauses: (path) => totalCauses(spent, path),
  };
}

/** A default must be one that could be left as it is, and one that could be given anew. */
function checkDefault(props: Props, value: JsonValue, path: string, isRoot: boolean, budget: number) {
  const tree = ruleTree(schemaFromOpenApi(props), isRoot);
  if (!tree) return { causes: [], remaining: budget };
  const kept = evaluateRules(tree, { value, before: value, path, budget });
  if (kept.causes.length > 0) return kept;
  const given = evaluateRules(tree, { value, path, budget });
  return { causes: given.causes, remaining: Math.min(kept.remaining, given.remaining) };
}

function checkRules(props: Props, place: Place, suppressCost: boolean, spent: Spent[]): readonly StatusCause[] {
  const written = props['x-kubernetes-validations'];
  if (!Array.isArray(written) || written.length === 0) return [];
  const path = `${place.path}.x-kubernetes-validations`;
  const resource = place.isRoot || props['x-kubernetes-embedded-resource'] === true;
  const compiled = compileRules(schemaFromOpenApi(props), resource);
  if (!compiled) {
    const why = 'unable to convert structural schema to CEL declarations';
    const text = `failed to construct type information for x-kubernetes-validations rules: ${why}`;
    return [internalCause(path, `internal error: ${text}`)];
  }
  return compiled.rules.flatMap((rule, index) =>
    ruleCauses(rule, compiled, `${path}[${index}]`, { place, suppressCost, spent }),
  );
}

interface Counting {
  readonly place: Place;
  readonly suppressCost: boolean;
  readonly spent: Spent[];
}

function ruleCauses(
  compiled: CompiledRule,
  { type }: RulesOf,
  path: string,
  { place, suppressCost, spent }: Counting,
): readonly StatusCause[] {
  const { rule, program, error, message, messageError, usesOldSelf } = compiled;
  const causes: StatusCause[] = [];
  const observe = (field: string, cost: bigint, name: string) => {
    if (!suppressCost && cost > mostPerExpression)
      causes.push(forbiddenField(field, costText(name, cost, mostPerExpression)));
    spent.push({ path: field, cost });
  };
  const { cardinality } = place;
  const often = typeof cardinality === 'bigint' ? cardinality : BigInt(celMaxCardinality(type));
  observe(`${path}.rule`, program ? times(costOf(program.cost.max), often) : 0n, 'estimated rule cost');
  if (error !== undefined) causes.push(invalidValue(`${path}.rule`, shownRule(rule), error));
  if (messageError !== undefined) causes.push(invalidValue(`${path}.messageExpression`, shownRule(rule), messageError));
  else if (message) observe(`${path}.messageExpression`, costOf(message.cost.max), 'estimated messageExpression cost');
  if (usesOldSelf && place.uncorrelatable !== undefined) {
    const detail = `oldSelf cannot be used on the uncorrelatable portion of the schema within ${place.uncorrelatable}`;
    causes.push(invalidValue(`${path}.rule`, rule.rule, detail));
  } else if (!usesOldSelf && typeof rule.optionalOldSelf === 'boolean') {
    const detail = 'may not be set if oldSelf is not used in rule';
    causes.push(invalidValue(`${path}.optionalOldSelf`, rule.optionalOldSelf, detail));
  }
  return causes;
}

const costOf = (cost: number): bigint => (cost >= Number(mostCost) ? mostCost : BigInt(Math.trunc(cost)));

function totalCauses(spent: readonly Spent[], path: string): readonly StatusCause[] {
  const total = spent.reduce((sum, { cost }) => (sum + cost > mostCost ? mostCost : sum + cost), 0n);
  if (total <= mostPerSchema) return [];
  const expensive = spent
    .filter(({ cost }) => cost >= mostPerSchema / 100n)
    .sort((left, right) => (left.cost === right.cost ? 0 : left.cost > right.cost ? -1 : 1))
    .slice(0, namedExpensive);
  const detail = 'contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema';
  const name = 'x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema';
  return [
    ...expensive.map((each) => forbiddenField(each.path, detail)),
    forbiddenField(path, costText(name, total, mostPerSchema)),
  ];
}

/** Beyond a hundredfold nobody is helped by the figure; close to the limit it needs its digits. */
function costText(name: string, cost: bigint, limit: bigint): string {
  const factor = Number(cost) / Number(limit);
  const shown = factor > 100 ? 'more than 100x' : `${factor.toFixed(factor < 1.5 ? 6 : 1)}x`;
  return (
    `${name} exceeds budget by factor of ${shown} (try simplifying the rule, or adding maxItems, maxProperties, ` +
    'and maxLength where arrays, maps, and strings are declared)'
  );
}

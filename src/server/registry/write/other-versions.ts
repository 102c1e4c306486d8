/** Who owns what in versions that only a webhook knows: there a change is looked at as each of them shows it. */
import { comparison, type Elsewhere } from '#kube/apply/compared.ts';
import type { FieldSet } from '#kube/fields/fieldset.ts';
import { parseApiVersion } from '#kube/meta/kind.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import type { Registry, Scope } from '../context.ts';
import { converted } from '../kinds/remote.ts';
import type { ServedKind } from '../kinds/served.ts';

/** A version was not known yet; it is when `answer` has come. */
class Unasked extends Error {
  readonly answer: Promise<unknown>;

  constructor(answer: Promise<unknown>) {
    super('another version has to be asked for first');
    this.answer = answer;
  }
}

/** Of one request: its objects by content, in other versions. */
const told = new WeakMap<Scope, Map<string, KubeObject>>();

/** Undefined where versions are no business of a webhook. To be used within `withVersions`. */
export function elsewhere(registry: Registry, scope: Scope, reset: FieldSet | undefined): Elsewhere | undefined {
  const { served } = scope;
  if (!served.conversion?.remote) return undefined;
  return (apiVersion, before, after) => {
    const { group, version } = parseApiVersion(apiVersion);
    const other = group === served.definition.group && registry.kinds.find(group, version, served.definition.resource);
    if (!other) return undefined;
    const [was, is] = [before, after].map((each) => inVersion(scope, other, each as KubeObject));
    return comparison(other.schema, was, is, reset);
  };
}

function inVersion(scope: Scope, other: ServedKind, object: KubeObject): KubeObject {
  const { managedFields: _, ...metadata } = object.metadata;
  const plain = { ...object, metadata };
  const key = `${other.apiVersion} ${JSON.stringify(plain)}`;
  const known = told.get(scope) ?? new Map<string, KubeObject>();
  told.set(scope, known);
  const found = known.get(key);
  if (found) return found;
  throw new Unasked(converted(scope.served, other, plain).then((each) => known.set(key, each)));
}

/** More versions than that have no managers of one object. */
const mostRounds = 50;

/** `attempt`, made again whenever it has found a version that was not known. */
export function withVersions<T>(scope: Scope, attempt: () => T): T | Promise<T> {
  return scope.served.conversion?.remote ? inRounds(attempt) : attempt();
}

async function inRounds<T>(attempt: () => T): Promise<T> {
  for (let round = 1; ; round++) {
    try {
      return attempt();
    } catch (error) {
      if (!(error instanceof Unasked) || round === mostRounds) throw error;
      await error.answer;
    }
  }
}

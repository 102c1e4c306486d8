/** The components a document refers to, written once each: kinds, their lists, and all they are made of. */
import type { GroupVersionKind } from '../meta/kind.ts';
import type { JsonObject, JsonValue } from '../meta/object.ts';
import type { Schema } from '../schema/schema.ts';
import type { DocumentParts } from './documents.ts';
import type { PlainKeyword } from './keywords.ts';
import { machineryComponent, markedKinds } from './meta-kinds.ts';
import { componentName, listComponentName, metaPrefix } from './names.ts';
import { byItself, forV2, listSchema, publishedSchema, publishedSchemaV2 } from './published.ts';
import { writeSchema } from './write.ts';

/** Built-in components by name: `io.k8s.api.core.v1.PodList`. */
export interface BuiltinComponents {
  readonly schema: (name: string) => Schema | undefined;
  /** The built-in kind that is published under this name, as itself or as its list. */
  readonly kind: (name: string) => GroupVersionKind | undefined;
}

export type Style = 'v2' | 'v3';

const mark = (kinds: readonly GroupVersionKind[]): JsonObject => ({
  'x-kubernetes-group-version-kind': kinds.map(({ group, version, kind }) => ({ group, kind, version })),
});

const kindsCalled = (builtin: BuiltinComponents, name: string) => {
  const kind = builtin.kind(name);
  return kind && [kind];
};

export function writeComponents({ paths, kinds }: DocumentParts, builtin: BuiltinComponents, style: Style): JsonObject {
  const written: Record<string, JsonValue> = {};
  const own = new Map<string, () => Schema>();
  const marks = new Map<string, readonly GroupVersionKind[]>();
  const listMeta = () => builtin.schema(`${metaPrefix}ListMeta`) ?? {};
  for (const kind of kinds) {
    const { group, version } = kind;
    own.set(componentName(kind), () => (style === 'v2' ? publishedSchemaV2(kind) : publishedSchema(kind)));
    marks.set(componentName(kind), [kind]);
    if (!kind.verbs.includes('list')) continue;
    const list = listComponentName(kind);
    own.set(list, () => builtin.schema(list) ?? listSchema(kind, listMeta()));
    marks.set(list, [{ group, version, kind: kind.listKind }]);
  }

  const isCustom = new Set(kinds.filter(({ native }) => native === undefined).map(componentName));
  /** v2 has no defaults; how a built-in component takes null and what it does not know is not said. */
  const withoutOf = (name: string): ReadonlySet<PlainKeyword> =>
    new Set<PlainKeyword>([
      ...(style === 'v2' ? (['default'] as const) : []),
      ...(isCustom.has(name) ? [] : (['intOrString', 'nullable', 'preserveUnknownFields'] as const)),
    ]);

  const publish = (name: string, schema: Schema): void => {
    if (written[name] !== undefined) return;
    written[name] = {};
    const content = writeSchema(byItself(style === 'v2' ? forV2(schema) : schema), {
      ...(style === 'v2' ? { style } : {}),
      without: withoutOf(name),
      component: builtin.schema,
      reference: (each) => {
        const { component } = each;
        if (component === undefined) return undefined;
        publish(component, own.get(component)?.() ?? builtin.schema(component) ?? each);
        return component;
      },
    });
    const kindsOf = marks.get(name) ?? markedKinds[name] ?? kindsCalled(builtin, name);
    written[name] = kindsOf ? { ...content, ...mark(kindsOf) } : content;
  };
  for (const name of namesIn(paths)) {
    const schema = own.get(name)?.() ?? machineryComponent(name) ?? builtin.schema(name);
    // The patch has a component of its own, which says nothing but that it is an object.
    publish(name, schema ?? { type: 'object' });
  }
  return Object.fromEntries(Object.entries(written).sort(([left], [right]) => (left < right ? -1 : 1)));
}

function namesIn(paths: DocumentParts['paths']): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { operations } of paths) {
    for (const { body, answers } of operations) {
      if (body) names.add(body.component);
      for (const answer of Object.values(answers)) if (answer !== '') names.add(answer);
    }
  }
  return names;
}

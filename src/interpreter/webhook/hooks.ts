/** Which webhook is asked: the first, by configuration and name, whose rules speak of the kind and the operation. Pure. */
import type { OperationName } from '#apis/config/operations.ts';
import type {
  InterpreterRule,
  InterpreterWebhook,
  ResourceInterpreterWebhookConfiguration,
} from '#apis/config/webhook-configuration.ts';
import type { GroupVersionKind } from '#kube/meta/kind.ts';

export interface Hook {
  readonly configuration: string;
  readonly webhook: InterpreterWebhook;
}

/** In the order they are looked through: the reference's ids, `configuration/webhook/n` for the nth of a name. */
export function hooksOf(configurations: readonly ResourceInterpreterWebhookConfiguration[]): readonly Hook[] {
  const hooks = configurations.flatMap(({ metadata, webhooks }) => {
    const seen = new Map<string, number>();
    return webhooks.map((webhook) => {
      const n = seen.get(webhook.name) ?? 0;
      seen.set(webhook.name, n + 1);
      return { id: `${metadata.name}/${webhook.name}/${n}`, configuration: metadata.name!, webhook };
    });
  });
  return hooks
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    .map(({ configuration, webhook }) => ({ configuration, webhook }));
}

const covers = (list: readonly string[], value: string) => list.includes('*') || list.includes(value);

const coversKind = (rule: InterpreterRule, { group, version, kind }: GroupVersionKind) =>
  covers(rule.apiGroups, group) && covers(rule.apiVersions, version) && covers(rule.kinds, kind);

/** Whether a webhook has anything to say of a kind. */
export const speaksOf = ({ rules = [] }: InterpreterWebhook, gvk: GroupVersionKind): boolean =>
  rules.some((rule) => coversKind(rule, gvk));

export const hookFor = (hooks: readonly Hook[], gvk: GroupVersionKind, operation: OperationName): Hook | undefined =>
  hooks.find(({ webhook }) =>
    webhook.rules?.some((rule) => covers(rule.operations, operation) && coversKind(rule, gvk)),
  );

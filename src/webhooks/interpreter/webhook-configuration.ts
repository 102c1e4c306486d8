/** What ResourceInterpreterWebhookConfiguration may say (compatibility.md section 7). */
import { interpreterOperations } from '#apis/config/operations.ts';
import type {
  InterpreterRule,
  InterpreterWebhook,
  ResourceInterpreterWebhookConfiguration,
} from '#apis/config/webhook-configuration.ts';
import { checkClientConfig } from '#apis/kubernetes/native/validate/extensions/clients.ts';
import type { AdmissionReviewer } from '#kube/admission/review.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { dns1035Label, dns1123Label, dns1123Subdomain } from '#kube/names/validate.ts';
import { duplicateValue, invalidValue, requiredValue, unsupportedValue } from '#kube/status/causes.ts';
import type { StatusCause } from '#kube/status/status.ts';
import { judged } from '../reviewer.ts';

type Causes = readonly StatusCause[];

const wildcard = '*';
const operations = [wildcard, ...interpreterOperations.map(({ name }) => name)].toSorted();
/** Of ResourceInterpreterContext: what we can send. */
const contextVersions = ['v1alpha1'];
const [shortestSeconds, longestSeconds] = [1, 30];

/** apimachinery's IsFullyQualifiedDomainName. */
function validateName(path: string, given: string): Causes {
  if (given === '') return [requiredValue(path)];
  const name = given.replace(/\.$/, '');
  const texts = dns1123Subdomain(name);
  if (texts.length > 0) return [invalidValue(path, name, texts.join(','))];
  const labels = name.split('.');
  if (labels.length < 2)
    return [invalidValue(path, name, 'should be a domain with at least two segments separated by dots')];
  return labels.flatMap((label) => {
    const wrong = dns1123Label(label);
    return wrong.length > 0 ? [invalidValue(path, label, wrong.join(','))] : [];
  });
}

/** A list that must not be empty, and holds `*` alone or not at all. */
function validateList(path: string, list: readonly string[], others: string): Causes {
  if (list.length === 0) return [requiredValue(path)];
  return list.length > 1 && list.includes(wildcard)
    ? [invalidValue(path, list, `if '*' is present, must not specify other ${others}`)]
    : [];
}

const validateFilled = (path: string, list: readonly string[]): Causes =>
  list.flatMap((item, i) => (item === '' ? [requiredValue(`${path}[${i}]`)] : []));

function validateRule(rule: InterpreterRule, path: string): Causes {
  return [
    ...validateList(`${path}.operations`, rule.operations, 'operations'),
    ...rule.operations.flatMap((operation, i) =>
      operations.includes(operation) ? [] : [unsupportedValue(`${path}.operations[${i}]`, operation, operations)],
    ),
    // The core group is ''.
    ...validateList(`${path}.apiGroups`, rule.apiGroups, 'API groups'),
    ...validateList(`${path}.apiVersions`, rule.apiVersions, 'API versions'),
    ...validateFilled(`${path}.apiVersions`, rule.apiVersions),
    ...validateList(`${path}.kinds`, rule.kinds, 'kinds'),
    ...validateFilled(`${path}.kinds`, rule.kinds),
  ];
}

function validateVersions(versions: readonly string[], path: string): Causes {
  if (versions.length === 0) return [requiredValue(path, `must specify one of ${contextVersions.join(', ')}`)];
  return [
    ...versions.flatMap((version, i) =>
      versions.indexOf(version) < i
        ? [invalidValue(`${path}[${i}]`, version, 'duplicate version')]
        : dns1035Label(version).map((text) => invalidValue(`${path}[${i}]`, version, text)),
    ),
    ...(versions.some((version) => contextVersions.includes(version))
      ? []
      : [invalidValue(path, versions, `must include at least one of ${contextVersions.join(', ')}`)]),
  ];
}

function validateClient({ clientConfig }: InterpreterWebhook, path: string): Causes {
  const { service } = clientConfig;
  const causes: StatusCause[] = [];
  checkClientConfig(causes, path, service ? { ...clientConfig, service: { port: 443, ...service } } : clientConfig);
  return causes;
}

function validateWebhook(webhook: InterpreterWebhook, path: string): Causes {
  const { timeoutSeconds: seconds } = webhook;
  return [
    ...validateName(`${path}.name`, webhook.name),
    ...(webhook.rules ?? []).flatMap((rule, i) => validateRule(rule, `${path}.rules[${i}]`)),
    ...(seconds !== undefined && (seconds < shortestSeconds || seconds > longestSeconds)
      ? [
          invalidValue(
            `${path}.timeoutSeconds`,
            seconds,
            `the timeout value must be between ${shortestSeconds} and ${longestSeconds} seconds`,
          ),
        ]
      : []),
    ...validateClient(webhook, `${path}.clientConfig`),
    ...validateVersions(webhook.interpreterContextVersions, `${path}.interpreterContextVersions`),
  ];
}

export const validateInterpreterWebhooks: AdmissionReviewer = ({ object }) => {
  const { webhooks } = object as KubeObject as ResourceInterpreterWebhookConfiguration;
  const names = webhooks.map(({ name }) => name);
  return judged(
    webhooks.flatMap((webhook, i) => [
      ...validateWebhook(webhook, `webhooks[${i}]`),
      ...(names.indexOf(webhook.name) < i ? [duplicateValue(`webhooks[${i}].name`, webhook.name)] : []),
    ]),
  );
};

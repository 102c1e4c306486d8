/** How objects get from one version to another: not at all, or by a webhook that can be reached. */
import { checkClientConfig, checkReviewVersions } from '#apis/kubernetes/native/validate/extensions/clients.ts';
import { forbiddenField, invalidValue, requiredValue, unsupportedValue } from '#kube/status/causes.ts';
import type { StatusCause } from '#kube/status/status.ts';
import type { DefinitionSpec } from '../definition.ts';
import type { Leniency } from './leniency.ts';
import { isObject, listOf, textOf } from './props.ts';

const strategies = ['None', 'Webhook'];
const client = 'spec.conversion.webhookClientConfig';
const reviews = 'spec.conversion.conversionReviewVersions';

export function conversionCauses(
  { conversion }: DefinitionSpec,
  lenient: Leniency,
  bundleError: (bundle: string) => string | undefined,
): readonly StatusCause[] {
  if (!conversion) return [];
  const causes: StatusCause[] = [];
  const strategy = textOf(conversion.strategy);
  if (strategy === '') causes.push(requiredValue('spec.conversion.strategy'));
  else if (!strategies.includes(strategy))
    causes.push(unsupportedValue('spec.conversion.strategy', strategy, strategies));
  const { clientConfig, conversionReviewVersions } = conversion.webhook ?? {};
  if (strategy !== 'Webhook') {
    const detail = 'should not be set when strategy is not set to Webhook';
    if (isObject(clientConfig)) causes.push(forbiddenField(client, detail));
    if (listOf(conversionReviewVersions).length > 0) causes.push(forbiddenField(reviews, detail));
    return causes;
  }
  if (isObject(clientConfig)) {
    checkClientConfig(causes, client, clientConfig);
    const bundle = textOf(clientConfig.caBundle);
    const wrong = bundle === '' || lenient.caBundle ? undefined : bundleError(bundle);
    if (wrong !== undefined) causes.push(invalidValue(`${client}.caBundle`, bundle, wrong));
  } else causes.push(requiredValue(client, 'required when strategy is set to Webhook'));
  const known: StatusCause[] = [];
  checkReviewVersions(known, reviews, conversionReviewVersions, true);
  causes.push(
    ...known.filter(({ message = '' }) => !lenient.reviewVersions || !message.includes('must include at least one of')),
  );
  return causes;
}

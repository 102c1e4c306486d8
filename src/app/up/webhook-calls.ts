/** Admission webhooks that users configure: called over HTTPS. The HTTP client is loaded with the first of them. */
import type { JsonValue } from '#kube/meta/object.ts';
import type { CallWebhook } from '#server/admission/webhook/call.ts';
import type { HttpAgent } from '#world/network/http-client.ts';

/** One agent for each authority; a webhook is called by few connections. */
const connections = 8;

export function webhookCalls(): CallWebhook {
  const agents = new Map<string, HttpAgent>();
  return async ({ clientConfig }, review, signal) => {
    const { url, service, caBundle = '' } = clientConfig;
    if (!url) {
      throw new Error(
        `service ${service?.namespace}/${service?.name} cannot be reached from here: no Pods run behind this API server; use clientConfig.url`,
      );
    }
    const { createHttpAgent, httpsRequest } = await import('#world/network/http-client.ts');
    const ca = Buffer.from(caBundle, 'base64').toString('utf8');
    const agent = agents.get(caBundle) ?? createHttpAgent({ ...(ca ? { ca } : {}), connections });
    agents.set(caBundle, agent);
    const answer = await httpsRequest({
      agent,
      url,
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify(review),
      signal,
    });
    const text = await answer.text();
    if (answer.status !== 200) throw new Error(`the webhook answered ${answer.status}: ${text.slice(0, 200)}`);
    return JSON.parse(text) as JsonValue;
  };
}

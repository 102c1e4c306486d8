/** Webhooks that users configure, for admission and for the meaning of kinds: called over HTTPS. The HTTP client is loaded with the first of them. */
import type { CallWebhook } from '#server/admission/webhook/call.ts';
import type { HttpAgent } from '#world/network/http-client.ts';

/** One agent for each authority and server name; a webhook is called by few connections. */
const connections = 8;
/** So many are remembered: more webhooks than any cluster has. Beyond them all are forgotten and made anew. */
const mostAgents = 256;
/** An object of 3 MiB, as large as an API server takes one, in a patch: a third more in base64, and some. */
const mostAnswerBytes = 8 * 1024 * 1024;

export function webhookCalls(): CallWebhook {
  const agents = new Map<string, HttpAgent>();

  const agentFor = async (caBundle: string, serverName: string | undefined) => {
    const { createHttpAgent } = await import('#world/network/http-client.ts');
    const key = `${serverName ?? ''} ${caBundle}`;
    const known = agents.get(key);
    if (known) return known;
    if (agents.size >= mostAgents) agents.clear();
    const ca = Buffer.from(caBundle, 'base64').toString('utf8');
    const agent = createHttpAgent({ connections, ...(ca ? { ca } : {}), ...(serverName ? { serverName } : {}) });
    agents.set(key, agent);
    return agent;
  };

  return async ({ url, dial, caBundle = '' }, review, signal) => {
    const { host, hostname, pathname, search } = new URL(url);
    const agent = await agentFor(caBundle, dial ? hostname : undefined);
    try {
      const answer = await agent.request({
        url: dial ? `https://${dial}${pathname}${search}` : url,
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json, */*', ...(dial ? { host } : {}) },
        body: JSON.stringify(review),
        signal,
      });
      const { 'content-type': contentType = '' } = answer.headers;
      return { status: answer.status, contentType: String(contentType), body: await answer.text(mostAnswerBytes) };
    } catch (error) {
      throw new Error(inGoWords(error, dial ?? host), { cause: error });
    }
  };
}

/** What Go's HTTP client says where ours says otherwise: clients know those texts. */
function inGoWords(error: unknown, host: string): string {
  const cause = (error as { readonly cause?: unknown }).cause ?? error;
  const { code = '', message = '' } = cause as { readonly code?: string; readonly message?: string };
  const address = host.includes(':') ? host : `${host}:443`;
  const name = address.slice(0, address.lastIndexOf(':'));
  if (code === 'ECONNREFUSED') return `dial tcp ${address}: connect: connection refused`;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `dial tcp: lookup ${name}: no such host`;
  if (code === 'EHOSTUNREACH' || code === 'ENETUNREACH') return `dial tcp ${address}: connect: no route to host`;
  if (code.startsWith('UNABLE_TO_') || code.includes('SELF_SIGNED')) {
    return 'tls: failed to verify certificate: x509: certificate signed by unknown authority';
  }
  if (code === 'ERR_SSL_WRONG_VERSION_NUMBER' || code === 'ERR_SSL_PACKET_LENGTH_TOO_LONG') {
    return 'http: server gave HTTP response to HTTPS client';
  }
  if (code === 'UND_ERR_SOCKET' || code === 'ECONNRESET' || code === 'EPIPE') return 'EOF';
  return message || String(error);
}

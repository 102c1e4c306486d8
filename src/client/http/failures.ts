/** What goes wrong over HTTP, as StatusErrors: the server's own Status, or the reason there is none. */

import { serviceUnavailable, timedOut } from '#kube/status/errors.ts';
import { type Status, StatusError, type StatusReason, statusCodes } from '#kube/status/status.ts';
import { type HttpResponse, TransportError } from '#world/network/http-client.ts';

/** Of an answer that is no Status, this much is worth showing. */
const longestExcerpt = 500;

const reasonOf = (code: number): StatusReason | undefined =>
  (Object.keys(statusCodes) as StatusReason[]).find((reason) => statusCodes[reason] === code);

/** The Retry-After header in seconds; dates are not used by API servers. */
export function retryAfterSeconds(headers: HttpResponse['headers']): number | undefined {
  const value = headers['retry-after'];
  const seconds = typeof value === 'string' ? Number(value) : Number.NaN;
  return Number.isFinite(seconds) && seconds >= 0 ? seconds : undefined;
}

/** Of an answer with code 400 or above. */
export function answerError(code: number, body: string, retryAfter: number | undefined): StatusError {
  const status = readStatus(body) ?? plainStatus(code, body);
  if (retryAfter === undefined || status.details?.retryAfterSeconds !== undefined) return new StatusError(status);
  return new StatusError({ ...status, details: { ...status.details, retryAfterSeconds: retryAfter } });
}

function readStatus(body: string): Status | undefined {
  try {
    const value: unknown = JSON.parse(body);
    const isStatus = typeof value === 'object' && value !== null && (value as Status).kind === 'Status';
    return isStatus ? (value as Status) : undefined;
  } catch {
    return undefined;
  }
}

function plainStatus(code: number, body: string): Status {
  const excerpt = body.trim().slice(0, longestExcerpt);
  const reason = reasonOf(code);
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: excerpt === '' ? `the server answered with ${code}` : `the server answered with ${code}: ${excerpt}`,
    ...(reason ? { reason } : {}),
    code,
  };
}

/** Of a request that got no answer. An abort is not a failure of the server's and stays what it is. */
export function transportFailure(error: unknown): unknown {
  if (!(error instanceof TransportError)) return error;
  switch (error.reason) {
    case 'timeout':
      return timedOut(`the server did not answer in time: ${error.message}`);
    case 'untrusted':
      return serviceUnavailable(
        `Unable to connect to the server: ${error.message}: check the certificate authority and the server's name in the kubeconfig`,
      );
    case 'unreachable':
      return serviceUnavailable(`Unable to connect to the server: ${error.message}`);
    case 'broken':
      return serviceUnavailable(`the connection to the server broke: ${error.message}`);
  }
}

/** Texts of `Warning: 299 - "text"` headers. */
export function warningsOf(headers: HttpResponse['headers']): readonly string[] {
  const value = headers.warning;
  if (value === undefined) return [];
  const texts = typeof value === 'string' ? [value] : value;
  return texts.flatMap((text) =>
    Array.from(text.matchAll(/\b299 \S+ "((?:[^"\\]|\\.)*)"/g), ([, quoted = '']) => quoted.replace(/\\(.)/g, '$1')),
  );
}

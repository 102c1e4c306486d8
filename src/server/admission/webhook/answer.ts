/** What came back over HTTP from a webhook, in the words of Kubernetes' REST client when it is no review. */
import type { JsonObject } from '#kube/meta/object.ts';

/** An HTTP answer as it came. */
export interface WebhookAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** By status code (apimachinery's NewGenericServerResponse to a POST). */
const texts: Readonly<Record<number, string>> = {
  400: 'the server rejected our request for an unknown reason',
  401: 'the server has asked for the client to provide credentials',
  404: 'the server could not find the requested resource',
  405: 'the server does not allow this method on the requested resource',
  409: 'the server reported a conflict',
  422: 'the server rejected our request due to an error in our request',
  429: 'the server has received too many requests and has asked us to try again later',
  503: 'the server is currently unable to handle the request',
  504: 'the server was unable to return a response in the time allotted, but may still be processing the request',
};

const isStatus = (value: JsonObject): boolean => value.kind === 'Status' && value.apiVersion === 'v1';

function parsed(body: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}

/** Throws what the REST client says of an answer that is no success, or no JSON object it can read as `asked`. */
export const reviewIn = (asked: string, answer: WebhookAnswer): JsonObject => readable(asked, objectIn(answer));

/** The same, whatever kind of object it is. */
export function objectIn({ status, contentType, body }: WebhookAnswer): JsonObject {
  const value = parsed(body);
  if (status < 200 || status > 206) {
    const said = value && isStatus(value) && value.status !== 'Success' ? value.message : undefined;
    throw new Error(typeof said === 'string' && said !== '' ? said : unexpected(status, contentType, body));
  }
  if (body === '') throw new Error(`0-length response with status code: ${status} and content type: ${contentType}`);
  if (!value) throw new Error(`couldn't get version/kind; json parse error: ${jsonError(body)}`);
  return value;
}

function unexpected(status: number, contentType: string, body: string): string {
  const isText = contentType === '' || contentType.startsWith('text/');
  const told = isText ? body.trim() : 'unknown';
  if (status === 403 || status === 406 || status === 415) return told;
  const text = texts[status];
  if (text) return text;
  if (status >= 500) {
    return `an error on the server (${JSON.stringify(told)}) has prevented the request from succeeding`;
  }
  return `the server responded with the status code ${status} but did not return more information`;
}

/** Go's words for the first thing that is wrong with a text that is not a JSON object. */
function jsonError(body: string): string {
  const first = body.trimStart()[0];
  if (first === undefined) return 'unexpected end of JSON input';
  if ('"tfn-0123456789['.includes(first)) {
    const type = first === '"' ? 'string' : first === '[' ? 'array' : 'tfn'.includes(first) ? 'bool' : 'number';
    return `json: cannot unmarshal ${type} into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`;
  }
  return first === '{' ? 'unexpected end of JSON input' : `invalid character '${first}' looking for beginning of value`;
}

const known: readonly string[] = ['admission.k8s.io/v1', 'admission.k8s.io/v1beta1'];

/** Throws for what is no review, or one of another version than was asked in. */
function readable(asked: string, value: JsonObject): JsonObject {
  const { apiVersion = '', kind = '' } = value;
  if (kind === '') throw new Error(`Object 'Kind' is missing in '${JSON.stringify(value)}'`);
  if (apiVersion === '') throw new Error(`Object 'apiVersion' is missing in '${JSON.stringify(value)}'`);
  const [wanted, got] = [asked, apiVersion as string].map((name) => name.slice(name.indexOf('/') + 1));
  if (got !== wanted && known.includes(apiVersion as string)) {
    throw new Error(`converting (${got}.${kind as string}) to (${wanted}.AdmissionReview): unknown conversion`);
  }
  return value;
}

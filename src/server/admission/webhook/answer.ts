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

function parsed(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return undefined;
  }
}

const asObject = (value: unknown): JsonObject | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;

/** Throws what the REST client says of an answer that is no success, or no JSON object it can read as `asked`. */
export const reviewIn = async (asked: string, answer: WebhookAnswer): Promise<JsonObject> =>
  readable(asked, await objectIn(answer));

/** The same, whatever kind of object it is; {} for nothing. */
export async function objectIn({ status, contentType, body }: WebhookAnswer): Promise<JsonObject> {
  const value = asObject(parsed(body));
  if (status < 200 || status > 206) {
    const said = value && isStatus(value) && value.status !== 'Success' ? value.message : undefined;
    throw new Error(typeof said === 'string' && said !== '' ? said : unexpected(status, contentType, body));
  }
  if (body === '') throw new Error(`0-length response with status code: ${status} and content type: ${contentType}`);
  if (value) return value;
  const { unusualObject } = await import('./unusual.ts');
  return unusualObject(body);
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

const known: readonly string[] = ['admission.k8s.io/v1', 'admission.k8s.io/v1beta1'];

/** Throws what Go says of a member that is no text. */
function requireText(value: JsonObject, field: string): void {
  const given = value[field] ?? '';
  if (typeof given === 'string') return;
  const type = Array.isArray(given) ? 'array' : typeof given === 'boolean' ? 'bool' : typeof given;
  const why = `json: cannot unmarshal ${type} into Go struct field .${field} of type string`;
  throw new Error(`couldn't get version/kind; json parse error: ${why}`);
}

/** What does not say of which kind it is counts as what was asked for. Throws for one of another version. */
function readable(asked: string, value: JsonObject): JsonObject {
  requireText(value, 'apiVersion');
  requireText(value, 'kind');
  const kind = value.kind || 'AdmissionReview';
  const apiVersion = value.apiVersion || asked;
  const [wanted, got] = [asked, apiVersion as string].map((name) => name.slice(name.indexOf('/') + 1));
  if (got !== wanted && known.includes(apiVersion as string)) {
    throw new Error(`converting (${got}.${kind as string}) to (${wanted}.AdmissionReview): unknown conversion`);
  }
  return value;
}

/** In which form discovery is asked for: its separate documents or the aggregated one, in JSON, YAML or protobuf. */
import { notAcceptable } from '#kube/status/errors.ts';
import { acceptedTypes, mediaTypes, parseAccept, type Representation } from '../http/accept.ts';

export interface DiscoveryForm {
  readonly media: Representation['media'];
  readonly aggregated: boolean;
}

const aggregatedParameters = ({ as, g, v }: Readonly<Record<string, string>>) =>
  as === 'APIGroupDiscoveryList' && g === 'apidiscovery.k8s.io' && v === 'v2';

/** Programs send a handful of Accept headers; 256 of about 200 bytes are 50 kB. */
const rememberedHeaders = 256;
const remembered = new Map<string, DiscoveryForm>();

/** `root`: `/api` or `/apis`, which alone have an aggregated form. Throws NotAcceptable. */
export function discoveryForm(accept: string | undefined, root: boolean): DiscoveryForm {
  const header = accept || '*/*';
  const key = root ? header : `below ${header}`;
  const known = remembered.get(key);
  if (known) return known;
  const form = formIn(header, root);
  if (remembered.size >= rememberedHeaders) remembered.clear();
  remembered.set(key, form);
  return form;
}

function formIn(header: string, root: boolean): DiscoveryForm {
  for (const { type, parameters } of parseAccept(header)) {
    const media = mediaTypes[type];
    if (!media) continue;
    if (parameters.as === undefined) return { media, aggregated: false };
    if (root && aggregatedParameters(parameters)) return { media, aggregated: true };
  }
  throw notAcceptable(`only the following media types are accepted: ${acceptedTypes}`);
}

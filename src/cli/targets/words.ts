/** Which resources a command's words mean: `TYPE[,TYPE] [NAME…]` or `TYPE/NAME …`, as kubectl's builder reads them. */
import type { DiscoveredResource, RestMapper } from '#client/mapper/mapper.ts';
import { isReason } from '#kube/status/status.ts';
import { CommandError } from '../failure.ts';

/** What is said where neither words nor files name anything. */
export const nothingNamed = `You must provide one or more resources by argument or filename.
Example resource specifications include:
   '-f rsrc.yaml'
   '--filename=rsrc.json'
   '<resource> <name>'
   '<resource>'`;

/** One type, and the names asked for; none asked for means all of them. */
export interface Target {
  readonly resource: DiscoveredResource;
  readonly names: readonly string[];
}

const mixedForms =
  "there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource resource/<resource_name>'";

/** Throws CommandError, or NotFound for a type that is not served. */
export async function targetsOf(mapper: RestMapper, words: readonly string[]): Promise<readonly Target[]> {
  if (words.some((word) => word.includes('/'))) return named(mapper, words);
  const [types = '', ...names] = words;
  const resources = (await Promise.all(types.split(',').map((type) => resourcesOf(mapper, type)))).flat();
  return resources.map((resource) => ({ resource, names: [...new Set(names)] }));
}

/** `deploy/web svc/web deploy/api`: a type's names stay together where they follow each other. */
async function named(mapper: RestMapper, words: readonly string[]): Promise<readonly Target[]> {
  const targets: Target[] = [];
  for (const word of words) {
    const [type = '', name = '', ...more] = word.split('/');
    if (name === '' && more.length === 0 && !word.includes('/')) throw new CommandError(mixedForms);
    if (type === '' || name === '' || more.length > 0)
      throw new CommandError('arguments in resource/name form may not have more than one slash');
    const resource = await mapper.resolve(type);
    const last = targets.at(-1);
    if (last?.resource === resource) targets[targets.length - 1] = { resource, names: [...last.names, name] };
    else targets.push({ resource, names: [name] });
  }
  return targets;
}

/** A type, or every type of a category (`all`). */
async function resourcesOf(mapper: RestMapper, type: string): Promise<readonly DiscoveredResource[]> {
  try {
    return [await mapper.resolve(type)];
  } catch (error) {
    if (!isReason(error, 'NotFound')) throw error;
    const members = (await mapper.preferred()).filter(({ categories }) => categories.includes(type));
    if (members.length === 0) throw error;
    return members;
  }
}

/** `deployment.apps/web`: how a result names an object. */
export const spokenObject = ({ group, singular, kind }: DiscoveredResource, name: string): string =>
  `${singular || kind.toLowerCase()}${group === '' ? '' : `.${group}`}/${name}`;

/** The namespace in an object's path; '' for what has none. */
export const namespaceIn = ({ namespaced }: DiscoveredResource, namespace: string): { readonly namespace?: string } =>
  namespaced && namespace !== '' ? { namespace } : {};

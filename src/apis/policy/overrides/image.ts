/**
 * Image references and what an image overrider makes of one: `[registry/]repository[:tag|@digest]`. The grammar is that
 * of container registries (distribution's reference); where a tag and a digest stand together the tag is kept, and what
 * has no dot, no colon and is not `localhost` before the first slash is no registry, as the reference has it.
 */
import type { ImageOverrider } from '../override-spec.ts';

export interface ImageReference {
  /** `registry.example:5000`, or ''. */
  readonly registry: string;
  /** `library/nginx`. */
  readonly repository: string;
  /** `1.27`, or `sha256:…`, or ''. */
  readonly version: string;
}

const part = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
const hostPart = '[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?';
const host = `(?:${hostPart}(?:\\.${hostPart})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?`;
const tag = '\\w[\\w.-]{0,127}';
const digest = '[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}';

const referencePattern = new RegExp(`^((?:${host}/)?${part}(?:/${part})*)(?::(${tag}))?(?:@(${digest}))?$`);
const tagPattern = new RegExp(`^${tag}$`);
const digestPattern = new RegExp(`^${digest}$`);

/** Distribution's limit for a name; tag and digest come on top of it. */
const longestName = 255;
const longestReference = 512;
/** Letters of a digest, by algorithm. */
const digestLetters: Readonly<Record<string, number>> = { sha256: 64, sha384: 96, sha512: 128 };

function isDigest(text: string): boolean {
  const [algorithm = '', letters = ''] = text.split(':');
  return digestLetters[algorithm] === letters.length && /^[0-9a-f]*$/.test(letters);
}

/** Undefined for what is no reference to an image. */
export function parseImage(text: string): ImageReference | undefined {
  if (text.length > longestReference) return undefined;
  const [, name, tagged, digested] = referencePattern.exec(text) ?? [];
  if (name === undefined || name.length > longestName) return undefined;
  if (digested !== undefined && !isDigest(digested)) return undefined;
  const slash = name.indexOf('/');
  const first = name.slice(0, Math.max(slash, 0));
  const isRegistry = /[.:]/.test(first) || first === 'localhost';
  return {
    registry: isRegistry ? first : '',
    repository: isRegistry ? name.slice(slash + 1) : name,
    version: tagged ?? digested ?? '',
  };
}

export function formatImage({ registry, repository, version }: ImageReference): string {
  const name = registry === '' ? repository : `${registry}/${repository}`;
  if (version === '') return name;
  return tagPattern.test(version) ? `${name}:${version}` : `${name}@${version}`;
}

/** A tag, or a digest. */
export const isVersion = (text: string): boolean => tagPattern.test(text) || digestPattern.test(text);

const components = { Registry: 'registry', Repository: 'repository', Tag: 'version' } as const;

/** The image with the one component changed; a version that is neither tag nor digest changes nothing. */
export function overriddenImage(
  image: ImageReference,
  { component, operator, value = '' }: Pick<ImageOverrider, 'component' | 'operator' | 'value'>,
): ImageReference {
  const field = components[component];
  const changed = operator === 'remove' ? '' : operator === 'add' ? image[field] + value : value;
  if (field === 'version' && changed !== '' && !isVersion(changed)) return image;
  return { ...image, [field]: changed };
}

/** Containers: the image pull policy follows the tag. */
import { type Fields, textOf, withField } from '../value.ts';

const hostLabel = '[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?';
const host = `(?:${hostLabel}(?:\\.${hostLabel})*|\\[[0-9a-fA-F:]+\\])(?::\\d+)?`;
const component = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
const reference = new RegExp(
  `^(?:${host}/)?${component}(?:/${component})*(?::([\\w][\\w.-]{0,127}))?(@[A-Za-z][\\w+.-]*:[0-9a-fA-F]{32,})?$`,
);
const bareId = /^[0-9a-f]{64}$/;

/** An image with the tag `latest`, or with neither tag nor digest, is always pulled; what is no reference is not. */
export function pullPolicyFor(image: string): 'Always' | 'IfNotPresent' {
  const match = reference.exec(image);
  if (match === null || bareId.test(image)) return 'IfNotPresent';
  const [, tag, digest] = match;
  return tag === 'latest' || (tag === undefined && digest === undefined) ? 'Always' : 'IfNotPresent';
}

function container(value: Fields): Fields {
  return value.imagePullPolicy ? value : withField(value, 'imagePullPolicy', pullPolicyFor(textOf(value.image)));
}

export const containerRules = { 'v1.Container': container, 'v1.EphemeralContainer': container };

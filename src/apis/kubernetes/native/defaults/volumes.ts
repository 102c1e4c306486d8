/** Volumes: one without a source is an emptyDir; an image volume is pulled as a container's image is. */
import { type Fields, isFields, textOf, withField } from '../value.ts';
import { pullPolicyFor } from './containers.ts';

function volume(value: Fields): Fields {
  let hasSource = false;
  for (const name in value) if (name !== 'name' && isFields(value[name])) hasSource = true;
  if (!hasSource) return { ...value, emptyDir: {} };
  const { image } = value;
  if (!isFields(image) || image.pullPolicy) return value;
  return { ...value, image: withField(image, 'pullPolicy', pullPolicyFor(textOf(image.reference))) };
}

export const volumeRules = { 'v1.Volume': volume };

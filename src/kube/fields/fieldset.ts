/** Field sets: which fields of an object somebody owns. The door of this room; immutable, in kube-apiserver's order. */
export { atOrBelow, difference, equalSets, intersect, leaves, recursiveDifference, union } from './algebra.ts';
export {
  formatPath,
  indexElement,
  keyElement,
  type PathElement,
  valueElement,
} from './element.ts';
export { fromFieldsText, fromFieldsV1, toFieldsV1 } from './fieldsv1.ts';
export { emptyFieldSet, type FieldEntry, type FieldSet } from './node.ts';
export { below, fieldSet, has, isEmpty, pathsOf, size } from './paths.ts';

/** Field sets: which fields of an object somebody owns. The door of this room; immutable, in kube-apiserver's order. */
export { difference, equalSets, intersect, leaves, recursiveDifference, union } from './algebra.ts';
export {
  compareElements,
  fieldElement,
  formatElement,
  formatPath,
  indexElement,
  keyElement,
  type PathElement,
  valueElement,
} from './element.ts';
export { fromFieldsV1, toFieldsV1 } from './fieldsv1.ts';
export { emptyFieldSet, type FieldEntry, type FieldSet } from './node.ts';
export { below, fieldSet, has, isEmpty, type Path, pathsOf, size } from './paths.ts';

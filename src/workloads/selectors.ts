/** Label selectors of immutable objects, compiled once each. */
import { type LabelMatcher, type LabelSelector, labelSelectorMatcher } from '#kube/selector/labels.ts';

const compiled = new WeakMap<LabelSelector, LabelMatcher>();

/** undefined matches nothing, `{}` everything. Throws BadRequest on an operator or a value that no selector may have. */
export function selectorOf(selector: LabelSelector | undefined): LabelMatcher {
  if (!selector) return labelSelectorMatcher(undefined);
  let matcher = compiled.get(selector);
  if (!matcher) {
    matcher = labelSelectorMatcher(selector);
    compiled.set(selector, matcher);
  }
  return matcher;
}

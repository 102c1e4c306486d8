import { describe, expect, test } from 'vitest';
import { isReason } from '../status/status.ts';
import { formatLabelSelector, labelSelectorMatcher, parseLabelSelector } from './labels.ts';

const web = { app: 'web', tier: 'front', weight: '7' };

describe('text selectors match as kubectl -l does', () => {
  test.each([
    ['', true],
    ['app=web', true],
    ['app==web,tier=front', true],
    ['app=db', false],
    ['app!=web', false],
    ['gone!=x', true],
    ['app', true],
    ['!app', false],
    ['!gone', true],
    ['app in (db, web)', true],
    ['app in ()', false],
    ['app notin (db,)', true],
    ['gone notin (db)', true],
    ['weight>6', true],
    ['weight<6', false],
    ['app>6', false],
    ['in in (in)', false],
  ])('%s: %s', (text, matches) => expect(parseLabelSelector(text).matches(web)).toBe(matches));

  test('labels are own keys only', () => expect(parseLabelSelector('constructor').matches({})).toBe(false));
  test('no labels at all', () => expect(parseLabelSelector('!app').matches(undefined)).toBe(true));
});

test('the canonical text is sorted by key, values too', () => {
  expect(parseLabelSelector('b , a in (y,x),!c').text).toBe('a in (x,y),b,!c');
});

describe('refused with the words of kube-apiserver', () => {
  test.each([
    ['a in b', "unable to parse requirement: found 'b' expected: '('"],
    ['a b', "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"],
    ['a=b,', "found '', expected: identifier after ','"],
    [',a', "found ',', expected: !, identifier, or 'end of string'"],
    ['a=b=c', "found '=', expected: ',' or 'end of string'"],
    ['!a=b', "found '=', expected: ',' or 'end of string'"],
    ['a in (b', "unable to parse requirement: found '', expected: ',' or ')'"],
    [
      'a>b',
      'unable to parse requirement: values[0]: Invalid value: "b": ' +
        "for 'Gt', 'Lt' operators, the value must be an integer",
    ],
  ])('%s', (text, message) => expect(() => parseLabelSelector(text)).toThrow(message));

  test('a bad key names the rule, as a BadRequest', () => {
    let error: unknown;
    try {
      parseLabelSelector('-a=b');
    } catch (thrown) {
      error = thrown;
    }
    expect(isReason(error, 'BadRequest')).toBe(true);
    expect(String(error)).toContain(
      'unable to parse requirement: <nil>: Invalid value: "-a": name part must consist of',
    );
  });
});

describe('structured selectors', () => {
  test('undefined matches nothing, an empty one everything', () => {
    expect(labelSelectorMatcher(undefined).matches(web)).toBe(false);
    expect(labelSelectorMatcher({}).matches(undefined)).toBe(true);
    expect(labelSelectorMatcher({}).empty).toBe(true);
  });

  test('labels and expressions must all hold', () => {
    const selector = {
      matchLabels: { app: 'web' },
      matchExpressions: [
        { key: 'tier', operator: 'In', values: ['front', 'back'] },
        { key: 'gone', operator: 'DoesNotExist' },
      ],
    };
    expect(labelSelectorMatcher(selector).matches(web)).toBe(true);
    expect(labelSelectorMatcher(selector).matches({ ...web, gone: '' })).toBe(false);
    expect(formatLabelSelector(selector)).toBe('app=web,!gone,tier in (back,front)');
    expect(formatLabelSelector({})).toBe('<none>');
  });

  test('an unknown operator and a set without values are refused', () => {
    const refuse = (operator: string) => () => labelSelectorMatcher({ matchExpressions: [{ key: 'a', operator }] });
    expect(refuse('Like')).toThrow('"Like" is not a valid label selector operator');
    expect(refuse('In')).toThrow("values: Invalid value: []: for 'in', 'notin' operators, values set can't be empty");
  });
});

/**
 * What a name, a label key and a label value may be, in kube-apiserver's words (apimachinery api/validate/content).
 * Each function returns the texts of what is wrong; empty means valid. Lengths count bytes.
 */

const label = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const subdomain = `${label}(\\.${label})*`;
const label1035 = '[a-z]([-a-z0-9]*[a-z0-9])?';
const labelKey = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const value = `(${labelKey})?`;

const whole = (pattern: string) => new RegExp(`^(?:${pattern})$`);
const labelPattern = whole(label);
const subdomainPattern = whole(subdomain);
const label1035Pattern = whole(label1035);
const labelKeyPattern = whole(labelKey);
const valuePattern = whole(value);

const longestLabel = 63;
const longestSubdomain = 253;

const valid: readonly string[] = [];
const empty = 'must be non-empty';
/** Names are counted in bytes but said in characters, keys and values of labels said in bytes: upstream's texts. */
const nameTooLong = (limit: number) => `must be no more than ${limit} characters`;
const tooLong = (limit: number) => `must be no more than ${limit} bytes`;
const keyRule =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";

/** A rule with examples and its pattern, as every text of this kind ends. */
function mismatch(rule: string, pattern: string, ...examples: readonly string[]): string {
  const shown = examples.map((example) => `'${example}', `).join(' or ');
  return `${rule} (e.g. ${shown}regex used for validation is '${pattern}')`;
}

function longerThan(text: string, limit: number): boolean {
  if (text.length > limit) return true;
  return text.length * 3 > limit && new TextEncoder().encode(text).length > limit;
}

/** The name of a Namespace, a container, a port: RFC 1123 label. */
export function dns1123Label(name: string): readonly string[] {
  const long = longerThan(name, longestLabel);
  const matches = labelPattern.test(name);
  if (!long && matches) return valid;
  const errors = long ? [nameTooLong(longestLabel)] : [];
  if (matches) return errors;
  return [
    ...errors,
    subdomainPattern.test(name)
      ? 'must not contain dots'
      : mismatch(
          "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', " +
            'and must start and end with an alphanumeric character',
          label,
          'my-name',
          '123-abc',
        ),
  ];
}

/** The name of most objects: RFC 1123 subdomain. */
export function dns1123Subdomain(name: string): readonly string[] {
  const long = longerThan(name, longestSubdomain);
  const matches = subdomainPattern.test(name);
  if (!long && matches) return valid;
  const errors = long ? [nameTooLong(longestSubdomain)] : [];
  if (matches) return errors;
  return [
    ...errors,
    mismatch(
      "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', " +
        'and must start and end with an alphanumeric character',
      subdomain,
      'example.com',
    ),
  ];
}

/** The name of a Service: as an RFC 1123 label, but starting with a letter. */
export function dns1035Label(name: string): readonly string[] {
  const long = longerThan(name, longestLabel);
  const matches = label1035Pattern.test(name);
  if (!long && matches) return valid;
  const errors = long ? [nameTooLong(longestLabel)] : [];
  if (matches) return errors;
  return [
    ...errors,
    mismatch(
      "a DNS-1035 label must consist of lower case alphanumeric characters or '-', " +
        'start with an alphabetic character, and end with an alphanumeric character',
      label1035,
      'my-name',
      'abc-123',
    ),
  ];
}

/** A label or annotation key: a name, optionally behind a DNS subdomain and `/`. */
export function qualifiedName(key: string): readonly string[] {
  const parts = key.split('/');
  if (parts.length > 2) {
    const rule = mismatch(`a valid label key ${keyRule}`, labelKey, 'MyName', 'my.name', '123-abc');
    return [`${rule} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`];
  }
  const name = parts.at(-1)!;
  const errors: string[] = [];
  if (parts.length === 2) {
    if (parts[0] === '') errors.push(`prefix part ${empty}`);
    else for (const error of dns1123Subdomain(parts[0]!)) errors.push(`prefix part ${error}`);
  }
  if (name === '') errors.push(`name part ${empty}`);
  else if (longerThan(name, longestLabel)) errors.push(`name part ${tooLong(longestLabel)}`);
  if (!labelKeyPattern.test(name)) {
    errors.push(`name part ${mismatch(keyRule, labelKey, 'MyName', 'my.name', '123-abc')}`);
  }
  return errors.length === 0 ? valid : errors;
}

export function labelValue(text: string): readonly string[] {
  const long = longerThan(text, longestLabel);
  const matches = valuePattern.test(text);
  if (!long && matches) return valid;
  const errors = long ? [tooLong(longestLabel)] : [];
  if (matches) return errors;
  return [
    ...errors,
    mismatch(
      "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', " +
        'and must start and end with an alphanumeric character',
      value,
      'MyValue',
      'my_value',
      '12345',
    ),
  ];
}

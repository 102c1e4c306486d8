/** `format` of a string: those kube-apiserver v1.35 checks for custom resources; every other name is passed over. */
import { isCidr, isEmail, isIpv4, isIpv6, isMac, isRequestUri } from './format-address.ts';
import { isCreditCard, isIsbn10, isIsbn13 } from './format-digits.ts';

const fullDate = /^(\d{4})-(\d{2})-(\d{2})$/;
const clock = /^(\d{2}):(\d{2}):(\d{2})(.\d+)?(z|[+-]\d{2}:\d{2})$/s;
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})$/;
const ssn = /^\d{3}[- ]?\d{2}[- ]?\d{4}$/;
const hexColour = /^#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$/;
const colourPart = '(0|[1-9]\\d?|1\\d\\d?|2[0-4]\\d|25[0-5])';
const rgbColour = new RegExp(`^rgb\\(\\s*${colourPart}\\s*,\\s*${colourPart}\\s*,\\s*${colourPart}\\s*\\)$`);
const shortName = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const longName = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** Signs and letters of any script; a top-level domain has letters only. */
const hostLetter = 'a-zA-Z0-9\\p{S}\\p{L}';
const host = new RegExp(
  `^([${hostLetter}]((-?[${hostLetter}]{0,62})?)|([${hostLetter}](([-${hostLetter}]{0,61}[${hostLetter}])?)(\\.)){1,}([a-zA-Z\\p{L}]){2,63})$`,
  'u',
);

function isDate(text: string): boolean {
  const [, year, month, day] = fullDate.exec(text) ?? [];
  if (year === undefined || Number(month) < 1 || Number(month) > 12 || Number(day) < 1) return false;
  const leap = Number(year) % 4 === 0 && (Number(year) % 100 !== 0 || Number(year) % 400 === 0);
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  return Number(day) <= days[Number(month) - 1]!;
}

function isDateTime(text: string): boolean {
  const [date = '', time] = text.toLowerCase().split('t');
  if (time === undefined || !isDate(date)) return false;
  const [, hours = '', minutes = '', seconds = ''] = clock.exec(time) ?? [];
  return hours !== '' && hours <= '23' && minutes <= '59' && seconds <= '59';
}

const goDuration = /^[+-]?(0|((\d+(\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h))+)$/;
/** As Scala writes durations: `3 days`; the last name of each unit may have an ending. */
const units = [
  'ns|nano.*',
  'us|µs|micro.*',
  'ms|milli.*',
  's|sec.*',
  'm|min.*',
  'h|hr|hour.*',
  'd|day.*',
  'w|wk|week.*',
];
const unit = new RegExp(`^(${units.join('|')})$`, 'i');

function isDuration(text: string): boolean {
  return goDuration.test(text) || [...text.matchAll(/\d+\s*([A-Za-zµ]+)/g)].some(([, name = '']) => unit.test(name));
}

function isHostname(text: string): boolean {
  // Labels and the dots between them: 255 bytes, each label 63.
  return (
    host.test(text) && Buffer.byteLength(text) <= 255 && text.split('.').every((part) => Buffer.byteLength(part) <= 63)
  );
}

/** A UUID whose third group begins with `version` and whose fourth with `variant`. */
const uuid = (version = '[0-9a-f]', variant = '[0-9a-f]') =>
  new RegExp(`^[0-9a-f]{8}-?[0-9a-f]{4}-?${version}[0-9a-f]{3}-?${variant}[0-9a-f]{3}-?[0-9a-f]{12}$`, 'i');

const matching = (pattern: RegExp) => (text: string) => pattern.test(text);

const formats: Readonly<Record<string, (text: string) => boolean>> = {
  datetime: isDateTime,
  date: isDate,
  duration: isDuration,
  byte: matching(base64),
  uuid: matching(uuid()),
  uuid3: matching(uuid('3')),
  uuid4: matching(uuid('4', '[89ab]')),
  uuid5: matching(uuid('5', '[89ab]')),
  hostname: isHostname,
  email: isEmail,
  ipv4: isIpv4,
  ipv6: isIpv6,
  cidr: isCidr,
  mac: isMac,
  uri: isRequestUri,
  isbn: (text) => isIsbn10(text) || isIsbn13(text),
  isbn10: isIsbn10,
  isbn13: isIsbn13,
  creditcard: isCreditCard,
  ssn: (text) => text.length === 11 && ssn.test(text),
  hexcolor: matching(hexColour),
  rgbcolor: matching(rgbColour),
  password: () => true,
  bsonobjectid: matching(/^[0-9a-f]{24}$/i),
  k8sshortname: (text) => text.length <= 63 && shortName.test(text),
  k8slongname: (text) => text.length <= 253 && longName.test(text),
};

/** Dashes in the name of a format do not count. */
const normalised = (format: string) => format.replaceAll('-', '');

export const knownFormat = (format: string): boolean => Object.hasOwn(formats, normalised(format));

/** undefined when the format is not checked. */
export const formatCheck = (format: string): ((text: string) => boolean) | undefined =>
  knownFormat(format) ? formats[normalised(format)] : undefined;

/** `format` of a string: those kube-apiserver checks for custom resources; every other name is taken as it is. */

const dateTime =
  /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])[Tt]([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/;
const date = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;
const duration = /^([+-]?(\d+(\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h))+$|^[+-]?0$/;
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const uuid = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;
const hostname =
  /^(?=.{1,253}$)([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)*[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;
const email = /^[^\s@]+@[^\s@]+$/;
const ipv4 = /^((25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.|$)){4}(?<!\.)$/;
const mac = /^([0-9a-f]{2}[:-]){5}[0-9a-f]{2}$/i;
const uri = /^[a-z][a-z0-9+.-]*:|^\//i;

function isIpv6(text: string): boolean {
  const halves = text.split('::');
  if (halves.length > 2) return false;
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  const last = groups.at(-1) ?? '';
  const size = groups.length + (ipv4.test(last) ? 1 : 0);
  const hex = ipv4.test(last) ? groups.slice(0, -1) : groups;
  return hex.every((group) => /^[0-9a-f]{1,4}$/i.test(group)) && (halves.length === 2 ? size < 8 : size === 8);
}

function isCidr(text: string): boolean {
  const [address = '', bits = '', ...rest] = text.split('/');
  if (rest.length > 0 || !/^\d{1,3}$/.test(bits)) return false;
  return (ipv4.test(address) && Number(bits) <= 32) || (isIpv6(address) && Number(bits) <= 128);
}

const formats: Readonly<Record<string, (text: string) => boolean>> = {
  'date-time': (text) => dateTime.test(text),
  datetime: (text) => dateTime.test(text),
  date: (text) => date.test(text),
  duration: (text) => duration.test(text),
  byte: (text) => base64.test(text),
  uuid: (text) => uuid.test(text),
  hostname: (text) => hostname.test(text),
  email: (text) => email.test(text),
  ipv4: (text) => ipv4.test(text),
  ipv6: isIpv6,
  cidr: isCidr,
  mac: (text) => mac.test(text),
  uri: (text) => uri.test(text),
};

/** undefined when the format is not checked. */
export const formatCheck = (format: string): ((text: string) => boolean) | undefined =>
  Object.hasOwn(formats, format) ? formats[format] : undefined;

/** Where malformed requests are answered otherwise than by a real kube-apiserver, and why; docs/parity.md sums it up. */

interface WireDifference {
  readonly names: readonly string[];
  /** What we answer. */
  readonly statuses: readonly number[];
  readonly reason: string;
}

const wireDifferences: readonly WireDifference[] = [
  {
    names: [
      'a folded header',
      'bare LFs',
      'GET /api/v1/namespaces/\u00c3\u00a4',
      'a method in small letters',
      'an unknown method',
      'a chunk size that is none',
      'a chunk longer than its size',
      'a space before the colon',
      'length and chunks',
    ],
    statuses: [400],
    reason:
      'the parser is strict: what HTTP/1.1 forbids is refused before it is a request, and the connection is closed',
  },
  { names: ['CONNECT'], statuses: [0], reason: 'the connection is closed without a word' },
  { names: ['HTTP/1.0'], statuses: [200], reason: 'the connection is closed after it, as HTTP/1.0 has it' },
  { names: ['TRACE', 'an asterisk'], statuses: [405], reason: 'no resource has such a method' },
  { names: ['GET /api/v1/namespaces/%c0%ae'], statuses: [404], reason: 'bytes that are no UTF-8 are not told apart' },
  { names: ['GET /api/v1/watch'], statuses: [404], reason: 'a path that leads nowhere is no failure of the server' },
  { names: ['GET /version/nonsense'], statuses: [404], reason: 'no path of the API begins so' },
  {
    names: [
      'create cut JSON as YAML',
      'create two documents as YAML',
      'create a comment as YAML',
      'create a control character as YAML',
      'create a bad escape as YAML',
      'create a huge number among texts as YAML',
    ],
    statuses: [400],
    reason:
      'what is wrong with YAML is told in the words of another parser, which takes what follows a document for a mistake',
  },
  {
    names: ['create a lone surrogate as YAML'],
    statuses: [409],
    reason: 'a text that is JSON is read as JSON, where half a character becomes U+FFFD',
  },
  { names: ['?continue=garbage'], statuses: [400], reason: 'the byte that is no JSON is shown as it is' },
];

export const differenceOf = (name: string): WireDifference | undefined =>
  wireDifferences.find(({ names }) => names.includes(name));

/** What is no message, or no value of the type a field has. Its text tells which, as gogo's do. */
export class ProtobufError extends Error {
  override readonly name = 'ProtobufError';
}

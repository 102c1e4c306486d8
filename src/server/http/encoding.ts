/** Content encodings: large answers go gzipped to clients that take them so. */

/** As kube-apiserver: below it the time is worth more than the bytes. */
export const gzipFrom = 128 * 1024;

/** `gzip` among the encodings, unless it is refused by `q=0`. */
export const acceptsGzip = (acceptEncoding: string | readonly string[] | undefined): boolean =>
  String(acceptEncoding ?? '')
    .split(',')
    .some((each) => {
      const [coding = '', ...parameters] = each.split(';').map((part) => part.trim().toLowerCase());
      return coding === 'gzip' && !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
    });

export const gzipHeaders = { 'Content-Encoding': 'gzip', Vary: 'Accept-Encoding' } as const;

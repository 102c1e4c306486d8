/** Bearer tokens of every kind: each kind is asked in turn, as kube-apiserver's union does. */
import type { UserInfo } from '#kube/request/request.ts';

/** Who it is and for whom the token was meant, or what is said of it to whoever asks in a TokenReview. */
export type TokenVerdict =
  | { readonly user: UserInfo; readonly audiences: readonly string[] }
  | { readonly error: string };

/** undefined: not a token of mine. `audiences` undefined: this API server. */
export type TokenVerifier = (token: string, audiences: readonly string[] | undefined) => TokenVerdict | undefined;

const invalidToken = 'invalid bearer token';

/** The first that knows the token; what the others said of it is told when nobody does. */
export function verifyWith(
  verifiers: readonly TokenVerifier[],
): (token: string, audiences?: readonly string[]) => TokenVerdict {
  return (token, audiences) => {
    const errors: string[] = [];
    for (const verify of verifiers) {
      const verdict = verify(token, audiences);
      if (!verdict) continue;
      if ('user' in verdict) return verdict;
      errors.push(verdict.error);
    }
    return { error: errors.length === 0 ? invalidToken : `[${[invalidToken, ...errors].join(', ')}]` };
  };
}

/** Several authorisers in order: the first that allows decides; when none does, what each said is told. */
import type { Authorizer } from './authorizer.ts';

const joined = (texts: readonly string[], between: string) => texts.filter((text) => text !== '').join(between);

/** As apimachinery's aggregate prints several errors. */
function errorText(errors: readonly string[]): string {
  const told = errors.filter((error) => error !== '');
  return told.length > 1 ? `[${told.join(', ')}]` : (told[0] ?? '');
}

export function unionAuthorizer(first: Authorizer, second: Authorizer): Authorizer {
  return {
    authorize: (attributes) => {
      const one = first.authorize(attributes);
      if (one.allowed) return one;
      const other = second.authorize(attributes);
      if (other.allowed || one.reason === '') return other;
      return { allowed: false, reason: joined([one.reason, other.reason], '\n') };
    },
    rulesFor: (user, namespace) => {
      const one = first.rulesFor(user, namespace);
      const other = second.rulesFor(user, namespace);
      return {
        rules: [...one.rules, ...other.rules],
        incomplete: one.incomplete || other.incomplete,
        error: errorText([one.error, other.error]),
      };
    },
  };
}

/** Reading and keeping fields of objects whose kind is known only by name. */

export type Fields = Readonly<Record<string, unknown>>;

export const fieldsOf = (value: unknown): Fields => (value ?? {}) as Fields;

export const numberIn = (fields: Fields, name: string): number => {
  const value = fields[name];
  return typeof value === 'number' ? value : 0;
};

/** `desired` with these fields of `observed`, where `observed` has them. */
export function keep(desired: unknown, observed: unknown, names: readonly string[]): Fields {
  const live = fieldsOf(observed);
  return {
    ...fieldsOf(desired),
    ...Object.fromEntries(names.filter((name) => live[name] !== undefined).map((name) => [name, live[name]])),
  };
}

/** The first of `order` that occurs among the phases; undefined when none does. */
export const worstOf = (order: readonly string[], phases: readonly unknown[]): string | undefined =>
  order.find((phase) => phases.includes(phase));

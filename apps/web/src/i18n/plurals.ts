type Forms = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };

interface Rules {
  select: (count: number) => Intl.LDMLPluralRule;
  format: (count: number) => string;
}

/** A browser without the data of a language says it in one form, rather than nothing at all. */
const rulesOf = (language: string): Rules => {
  try {
    const [rules, numbers] = [new Intl.PluralRules(language), new Intl.NumberFormat(language)];
    return { select: (count) => rules.select(count), format: (count) => numbers.format(count) };
  } catch {
    return { select: () => 'other', format: String };
  }
};

/** Chooses the form that a language has for a number, and puts the number where `#` stands. */
export const plurals = (language: string): ((count: number, forms: Forms) => string) => {
  const { select, format } = rulesOf(language);
  return (count, forms) => (forms[select(count)] ?? forms.other).replace('#', format(count));
};

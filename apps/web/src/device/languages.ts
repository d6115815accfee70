/**
 * What whoever uses this browser speaks, as tags of languages, the best first. A browser without a known locale gives
 * the system's name for it (`en-US@posix`, `ru_RU.UTF-8`, `C`), and what is no tag is refused wherever one is needed.
 */
export const spokenTags = (): string[] => {
  const { languages, language } = navigator as { languages?: readonly string[]; language?: string };
  return (languages?.length ? languages : [language ?? ''])
    .map((tag) => tag.replace(/[.@].*$/, '').replaceAll('_', '-'))
    .filter((tag) => {
      try {
        return Intl.getCanonicalLocales(tag).length > 0;
      } catch {
        return false;
      }
    });
};

/** `ru` of `ru-RU` */
export const languageOf = (tag: string): string | undefined => tag.split('-')[0]?.toLowerCase();

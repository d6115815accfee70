/** What could not be kept by the browser lives as long as this page. */
const inPage = new Map<string, string>();

/** Who blocks the data of sites is refused at the first look at it; a full or broken store refuses later. */
const tried = <T>(act: (storage: Storage) => T): T | undefined => {
  try {
    return act(localStorage);
  } catch {
    return undefined;
  }
};

const PROBE = 'veche.probe';

/**
 * Small texts that outlive the page, for all tabs of this browser. Nothing here throws: where the browser keeps
 * nothing, or nothing more, a text lives as long as the page.
 */
export const kept = {
  /** Whether what is kept outlives the page. */
  outlives:
    tried((storage) => {
      storage.setItem(PROBE, '');
      storage.removeItem(PROBE);
      return true;
    }) ?? false,

  get: (key: string): string | undefined =>
    inPage.get(key) ?? tried((storage) => storage.getItem(key)) ?? undefined,

  set: (key: string, text: string): void => {
    const done = tried((storage) => {
      storage.setItem(key, text);
      return true;
    });
    if (done) inPage.delete(key);
    else inPage.set(key, text);
  },

  remove: (key: string): void => {
    inPage.delete(key);
    tried((storage) => storage.removeItem(key));
  },

  keys: (): string[] => [...new Set([...inPage.keys(), ...(tried((storage) => Object.keys(storage)) ?? [])])],

  /**
   * Tells what another tab has changed; nothing where it may have changed anything: this page slept, and was told of
   * nothing meanwhile. @returns what ends it
   */
  subscribe: (changed: (key?: string) => void): (() => void) => {
    const hear = ({ key }: StorageEvent): void => {
      if (key !== null) inPage.delete(key);
      changed(key ?? undefined);
    };
    const wake = (): void => changed();
    addEventListener('storage', hear);
    addEventListener('pageshow', wake);
    return () => {
      removeEventListener('storage', hear);
      removeEventListener('pageshow', wake);
    };
  },
};

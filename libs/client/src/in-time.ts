/**
 * What somebody else's function, a browser's database or a network gives, any of which may never answer.
 * @param late what is done, and given, where it takes longer than so many milliseconds
 * @throws what the work or `late` throws
 */
export const inTime = async <T, L = T>(work: T | Promise<T>, ms: number, late: () => L): Promise<T | L> => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const end = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)));
  try {
    return await Promise.race([work, end.then(late)]);
  } finally {
    clearTimeout(timer);
  }
};

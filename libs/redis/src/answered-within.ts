/** @throws Error when Redis has not answered within so many milliseconds: the client itself would wait for ever */
export const answeredWithin = async <T>(ms: number, answer: Promise<T>): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    // an answer that waits to be read, because this process was busy, still counts
    const giveUp = (): NodeJS.Immediate => setImmediate(() => reject(new Error(`no answer within ${ms} ms`)));
    timer = setTimeout(giveUp, ms);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
};

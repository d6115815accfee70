/** A time of a message as JSON has it. Every time in our messages is set; proto3 cannot say so. */
export const isoTime = (time: Date | undefined): string => {
  if (time === undefined) throw new Error('a message came without its time');
  return time.toISOString();
};

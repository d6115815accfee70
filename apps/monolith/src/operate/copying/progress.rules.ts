const MINUTE = 60;
const HOUR = 60 * MINUTE;

/** What is left at the speed so far, for people. */
export const timeLeft = (done: number, total: number, elapsedMs: number): string => {
  if (done <= 0 || total <= done) return '';
  const seconds = Math.ceil(((total - done) * elapsedMs) / done / 1000);
  if (seconds < 2 * MINUTE) return `${seconds} s left`;
  if (seconds < 2 * HOUR) return `${Math.ceil(seconds / MINUTE)} min left`;
  return `${Math.ceil(seconds / HOUR)} h left`;
};

const number = new Intl.NumberFormat('en');

export const progressLine = (what: string, done: number, total: number, left: string): string => {
  const percent = total === 0 ? 100 : Math.floor((100 * Math.min(done, total)) / total);
  return `${what}: ${number.format(done)} of ${number.format(total)} rows, ${percent} %${left && `, ${left}`}`;
};

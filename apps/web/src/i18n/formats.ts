import { differenceInCalendarDays, differenceInMinutes, isThisYear } from 'date-fns';

/** How a language writes times and days. */
export class Formats {
  private readonly times: Intl.DateTimeFormat;
  private readonly days: Intl.DateTimeFormat;
  private readonly daysOfOtherYears: Intl.DateTimeFormat;
  private readonly shortDays: Intl.DateTimeFormat;
  private readonly shortDaysOfOtherYears: Intl.DateTimeFormat;
  private readonly weekdays: Intl.DateTimeFormat;
  private readonly moments: Intl.DateTimeFormat;
  private readonly distances: Intl.RelativeTimeFormat;
  private readonly numbers: Intl.NumberFormat;
  private readonly lists: Intl.ListFormat;

  constructor(readonly language: string) {
    // the hours are those of the region that the browser is set to
    const tag = navigator.languages.find((one) => one.startsWith(language)) ?? language;
    this.times = new Intl.DateTimeFormat(tag, { timeStyle: 'short' });
    this.days = new Intl.DateTimeFormat(tag, { weekday: 'long', day: 'numeric', month: 'long' });
    this.daysOfOtherYears = new Intl.DateTimeFormat(tag, { dateStyle: 'long' });
    this.shortDays = new Intl.DateTimeFormat(tag, { day: 'numeric', month: 'short' });
    this.shortDaysOfOtherYears = new Intl.DateTimeFormat(tag, { dateStyle: 'short' });
    this.weekdays = new Intl.DateTimeFormat(tag, { weekday: 'short' });
    this.moments = new Intl.DateTimeFormat(tag, { dateStyle: 'long', timeStyle: 'short' });
    this.distances = new Intl.RelativeTimeFormat(tag, { numeric: 'auto' });
    this.numbers = new Intl.NumberFormat(tag);
    this.lists = new Intl.ListFormat(tag, { type: 'conjunction' });
  }

  /** 14:05 */
  time(at: Date): string {
    return this.times.format(at);
  }

  /** Today, Yesterday, Monday 3 March, 3 March 2024 */
  day(at: Date, now: Date): string {
    const ago = differenceInCalendarDays(now, at);
    if (ago === 0 || ago === 1) return capitalised(this.distances.format(-ago, 'day'), this.language);
    return (isThisYear(at) ? this.days : this.daysOfOtherYears).format(at);
  }

  /** As short as it can be said in a list: 14:05, Mon, 3 Mar, 03.03.24 */
  brief(at: Date, now: Date): string {
    const ago = differenceInCalendarDays(now, at);
    if (ago <= 0) return this.times.format(at);
    if (ago < 7) return this.weekdays.format(at);
    return (isThisYear(at) ? this.shortDays : this.shortDaysOfOtherYears).format(at);
  }

  /** 3 March 2024 */
  date(at: Date): string {
    return this.daysOfOtherYears.format(at);
  }

  /** 3 March 2024 at 14:05 */
  moment(at: Date): string {
    return this.moments.format(at);
  }

  /** now, 5 minutes ago, yesterday, and what is longer ago as a moment */
  ago(at: Date, now: Date): string {
    const minutes = differenceInMinutes(now, at);
    if (minutes < 1) return this.distances.format(0, 'second');
    if (minutes < 60) return this.distances.format(-minutes, 'minute');
    const days = differenceInCalendarDays(now, at);
    if (days === 0) return this.distances.format(-Math.floor(minutes / 60), 'hour');
    if (days < 7) return this.distances.format(-days, 'day');
    return this.moments.format(at);
  }

  number(value: number): string {
    return this.numbers.format(value);
  }

  list(items: Iterable<string>): string {
    return this.lists.format(items);
  }
}

const capitalised = (text: string, language: string): string =>
  text.charAt(0).toLocaleUpperCase(language) + text.slice(1);

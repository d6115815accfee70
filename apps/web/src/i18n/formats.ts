import { differenceInCalendarDays, differenceInMinutes, isThisYear } from 'date-fns';
import { languageOf, spokenTags } from '../device/languages';

/** As Intl calls them, and plainly. */
const BYTES = [
  ['byte', 'B'],
  ['kilobyte', 'kB'],
  ['megabyte', 'MB'],
  ['gigabyte', 'GB'],
] as const;

const two = (value: number): string => String(value).padStart(2, '0');
const plainDay = (at: Date): string =>
  [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join('-');
const plainTime = (at: Date): string => `${two(at.getHours())}:${two(at.getMinutes())}`;

/** What a part of Intl writes; where the browser lacks that part, or its data, the same plainly. */
const written = <Value>(
  make: () => { format: (value: NoInfer<Value>) => string },
  plainly: (value: Value) => string,
): ((value: Value) => string) => {
  try {
    const formatter = make();
    return (value) => formatter.format(value);
  } catch {
    return plainly;
  }
};

/** How a language writes times and days. */
export class Formats {
  /** 14:05 */
  readonly time: (at: Date) => string;
  /** 3 March 2024 */
  readonly date: (at: Date) => string;
  /** 3 March 2024 at 14:05 */
  readonly moment: (at: Date) => string;
  readonly number: (value: number) => string;
  /** 1.2 MB */
  readonly bytes: (count: number) => string;
  readonly list: (items: Iterable<string>) => string;
  private readonly days: (at: Date) => string;
  private readonly shortDays: (at: Date) => string;
  private readonly shortDaysOfOtherYears: (at: Date) => string;
  private readonly weekdays: (at: Date) => string;
  private readonly distances: Intl.RelativeTimeFormat | undefined;

  constructor(readonly language: string) {
    // the hours are those of the region that the browser is set to
    const tag = spokenTags().find((one) => languageOf(one) === language) ?? language;
    const of =
      (options: Intl.DateTimeFormatOptions): (() => Intl.DateTimeFormat) =>
      () =>
        new Intl.DateTimeFormat(tag, options);
    this.time = written(of({ timeStyle: 'short' }), plainTime);
    this.date = written(of({ dateStyle: 'long' }), plainDay);
    this.moment = written(
      of({ dateStyle: 'long', timeStyle: 'short' }),
      (at) => `${plainDay(at)} ${plainTime(at)}`,
    );
    this.days = written(of({ weekday: 'long', day: 'numeric', month: 'long' }), plainDay);
    this.shortDays = written(of({ day: 'numeric', month: 'short' }), plainDay);
    this.shortDaysOfOtherYears = written(of({ dateStyle: 'short' }), plainDay);
    this.weekdays = written(of({ weekday: 'short' }), plainDay);
    const sizes = BYTES.map(([unit, plainly], power) =>
      written<number>(
        () =>
          new Intl.NumberFormat(tag, {
            ...{ style: 'unit', unit, unitDisplay: power === 0 ? 'long' : 'short' },
            maximumSignificantDigits: power === 0 ? undefined : 3,
          }),
        (value) => `${Number(value.toPrecision(3))} ${plainly}`,
      ),
    );
    this.number = written(() => new Intl.NumberFormat(tag), String);
    this.bytes = (count) => {
      const power = Math.min(Math.floor(Math.log10(Math.max(count, 1)) / 3), BYTES.length - 1);
      return sizes[power]?.(count / 1_000 ** power) ?? '';
    };
    this.list = written(
      () => new Intl.ListFormat(tag, { type: 'conjunction' }),
      (items) => [...items].join(', '),
    );
    try {
      this.distances = new Intl.RelativeTimeFormat(tag, { numeric: 'auto' });
    } catch {
      this.distances = undefined;
    }
  }

  /** Today, Yesterday, Monday 3 March, 3 March 2024 */
  day(at: Date, now: Date): string {
    const ago = differenceInCalendarDays(now, at);
    if (this.distances && (ago === 0 || ago === 1))
      return capitalised(this.distances.format(-ago, 'day'), this.language);
    return (isThisYear(at) ? this.days : this.date)(at);
  }

  /** As short as it can be said in a list: 14:05, Mon, 3 Mar, 03.03.24 */
  brief(at: Date, now: Date): string {
    const ago = differenceInCalendarDays(now, at);
    if (ago <= 0) return this.time(at);
    if (ago < 7) return this.weekdays(at);
    return (isThisYear(at) ? this.shortDays : this.shortDaysOfOtherYears)(at);
  }

  /** now, 5 minutes ago, yesterday, and what is longer ago as a moment */
  ago(at: Date, now: Date): string {
    const { distances } = this;
    if (!distances) return this.moment(at);
    const minutes = differenceInMinutes(now, at);
    if (minutes < 1) return distances.format(0, 'second');
    if (minutes < 60) return distances.format(-minutes, 'minute');
    const days = differenceInCalendarDays(now, at);
    if (days === 0) return distances.format(-Math.floor(minutes / 60), 'hour');
    if (days < 7) return distances.format(-days, 'day');
    return this.moment(at);
  }
}

const capitalised = (text: string, language: string): string =>
  text.charAt(0).toLocaleUpperCase(language) + text.slice(1);

import { Injectable } from '@nestjs/common';
import {
  type Entry,
  type FindMomentResponse,
  type SearchHit,
  type SearchMessagesResponse,
  SearchOrder,
} from '@veche/contracts';
import { type FindMomentDto, readCursor, type SearchMessagesDto, writeCursor } from '@veche/dto';
import { AppError } from '@veche/errors';
import { secondsSince } from '@veche/metrics';
import { momentOf, parseSearch } from '@veche/protocol';
import { type Call, callerOf } from '@veche/rpc';
import { LogRepository } from '../log/log.repository';
import { ReadingService } from '../log/reading.service';
import { excerptOf } from './excerpt.rules';
import { ofAuthor, ofHas, ofRoom, ofSpan, quoted } from './lexemes';
import { byNewest, scoreOf } from './rank.rules';
import { type Filters, SearchFilters } from './search-filters.service';
import { searchSeconds } from './search.metrics';
import { type Found, SearchRepository } from './search.repository';
import { SearchTurns } from './search-turns';
import { cover } from './span.rules';
import { isTooMuch, marksOf, queryOfTerms, type Term, termsOf } from './terms';
import { windowsOf } from './windows.rules';

const PAGE = 20;
/** Of so many of the newest that are found the best are the best. */
const CANDIDATES = 1_000;
/** More rooms than these are not asked of the index: what it finds is looked through instead. */
const ROOMS_ASKED = 64;
/** How long it is remembered when how much was said. */
const SPANS_MS = 60_000;

/** Where a page ended. */
interface Place {
  /** Nothing later is part of the list, so that the next page is of the same one. */
  readonly until: number;
  readonly score: number;
  readonly at: number;
  readonly roomId: string;
  readonly seq: number;
}

interface Scored extends Found {
  readonly score: number;
}

/** A search that has been read. */
interface Asked {
  readonly userId: string;
  readonly roomIds: readonly string[];
  readonly terms: readonly Term[];
  readonly filters: Filters;
  readonly limit: number;
  readonly place: Place | undefined;
}

/** Finds messages in the rooms of the caller, by an index that is a moment behind the log. */
@Injectable()
export class SearchService {
  private spans: Promise<{ span: number; messages: number }[]> | undefined;
  private spansAt = -Infinity;

  constructor(
    private readonly repository: SearchRepository,
    private readonly filters: SearchFilters,
    private readonly reading: ReadingService,
    private readonly log: LogRepository,
    private readonly turns: SearchTurns,
  ) {}

  /**
   * Whose rooms these are is asked with the texts, after everything else: who was removed meanwhile gets none of them.
   * @throws AppError `not_a_member`, `room_not_found` where a room is named that is not theirs; `invalid_input` where
   *   nothing is looked for, or too much at once; `overloaded` where it took too long
   */
  async messages(request: SearchMessagesDto, call: Call): Promise<SearchMessagesResponse> {
    const { userId } = callerOf(call);
    const { roomId, limit = PAGE, order } = request;
    if (roomId !== undefined) await this.reading.forMember(call, roomId, { after: 0, limit: 0 });
    const parsed = parseSearch(request.query);
    const terms = termsOf(parsed.texts);
    if (isTooMuch(terms)) throw refused('looks for too much at once');
    const place = placeOf(request.cursor);
    const filters = await this.filters.read(request, parsed, call);
    if (parsed.texts.length === 0 && isAll(request, filters, parsed))
      throw refused('says nothing to look for');
    // what has no word in it, as !!!, is in no message
    if (parsed.texts.length > 0 && terms.length === 0) return { hits: [], nextCursor: undefined };
    return this.turns.take(userId, call.deadline, async () => {
      const since = performance.now();
      const roomIds = (await this.repository.roomsOf(userId)).filter(filters.isIn).map(({ id }) => id);
      const asked = { userId, roomIds, terms, filters, limit, place };
      const newest = order === SearchOrder.NEWEST || terms.length === 0;
      const answer = await this.answer(asked, newest ? await this.newest(asked) : await this.best(asked));
      searchSeconds.observe({ order: newest ? 'newest' : 'best' }, secondsSince(since));
      return answer;
    });
  }

  /** @throws AppError `not_a_member`, `room_not_found` */
  async moment({ roomId, time }: FindMomentDto, call: Call): Promise<FindMomentResponse> {
    const { member } = await this.reading.forMember(call, roomId, { after: 0, limit: 0 });
    return { seq: member ? await this.repository.momentOf(roomId, momentOf(time) ?? 0) : 0 };
  }

  private async newest(asked: Asked): Promise<Scored[]> {
    const found = await this.find(asked, asked.limit + 1, { after: asked.place });
    return found.map((one) => ({ ...one, score: 0 }));
  }

  private async best(asked: Asked): Promise<Scored[]> {
    const { place, terms, filters, limit } = asked;
    const found = await this.find(asked, CANDIDATES, { words: queryOfTerms(terms) });
    const scored = found.map((one) => ({ ...one, score: scoreOf(one, place?.until ?? filters.until) }));
    const rest = place ? scored.filter((one) => byScore(place, one) < 0) : scored;
    return rest.sort(byScore).slice(0, limit + 1);
  }

  private async find(
    { roomIds, terms, filters, place }: Asked,
    limit: number,
    how: { words?: string; after?: Place | undefined },
  ): Promise<Found[]> {
    if (roomIds.length === 0 || filters.authors?.length === 0) return [];
    const asked = [
      ...(terms.length > 0 ? [queryOfTerms(terms)] : []),
      ...(filters.authors ? [either(filters.authors.map(ofAuthor))] : []),
      ...filters.has.map((has) => quoted(ofHas(has))),
    ];
    if (roomIds.length <= ROOMS_ASKED || asked.length === 0) asked.push(either(roomIds.map(ofRoom)));
    const until = Math.min(filters.until, place?.until ?? Infinity, how.after ? how.after.at + 1 : Infinity);
    const windows = windowsOf(await this.spansNow(), filters.from, until);
    return this.repository.asking(async (find) => {
      const found: Found[] = [];
      for (const window of windows) {
        const spans = cover(window.from, window.until);
        const within = spans ? [either(spans.spans.map((span) => ofSpan(spans.level, span)))] : [];
        const query = [...asked, ...within].join(' & ');
        found.push(...(await find({ ...how, ...window, query, roomIds, limit: limit - found.length })));
        if (found.length >= limit) break;
      }
      return found;
    });
  }

  /** The texts, as they are now, of what may be read now and still says what was looked for. */
  private async answer(
    { userId, terms, filters, limit, place }: Asked,
    found: readonly Scored[],
  ): Promise<SearchMessagesResponse> {
    const page = found.slice(0, limit);
    const readable = new Map(
      (await this.log.readable(userId, page)).map((entry) => [`${entry.roomId} ${entry.seq}`, entry]),
    );
    const hits = page.flatMap(({ roomId, seq }) => {
      const entry = readable.get(`${roomId} ${seq}`);
      return entry ? hitOf(entry, terms) : [];
    });
    const last = page.at(-1);
    const until = place?.until ?? filters.until;
    return { hits, nextCursor: last && found.length > limit ? cursorOf({ ...last, until }) : undefined };
  }

  private spansNow(): Promise<{ span: number; messages: number }[]> {
    if (this.spans === undefined || performance.now() - this.spansAt > SPANS_MS) {
      this.spansAt = performance.now();
      this.spans = this.repository.spans().catch((error: unknown) => {
        this.spans = undefined;
        throw error;
      });
    }
    return this.spans;
  }
}

const either = (lexemes: readonly string[]): string => `(${lexemes.map(quoted).join(' | ')})`;

const refused = (why: string): AppError =>
  new AppError('invalid_input', { errors: [{ field: 'query', message: `the search ${why}` }] });

const isAll = (
  request: SearchMessagesDto,
  filters: Filters,
  parsed: ReturnType<typeof parseSearch>,
): boolean =>
  filters.authors === undefined &&
  filters.has.length === 0 &&
  request.roomId === undefined &&
  request.in === undefined &&
  parsed.in.length + parsed.before.length + parsed.after.length === 0 &&
  request.before === undefined &&
  request.after === undefined;

const hitOf = (message: Entry, terms: readonly Term[]): SearchHit[] => {
  const text = message.body?.$case === 'messageCreated' ? message.body.value.text : '';
  const found = marksOf(terms, text);
  // the index finds by pieces, and the text may have changed since
  if (!found) return [];
  const { excerpt, marks } = excerptOf(text, found);
  return [{ message, excerpt, marks: marks.map(([start, end]) => ({ start, end })) }];
};

type Ranked = Pick<Scored, 'score' | 'at' | 'roomId' | 'seq'>;

const byScore = (a: Ranked, b: Ranked): number => b.score - a.score || byNewest(a, b);

const cursorOf = ({ until, score, at, roomId, seq }: Place): string =>
  writeCursor([String(until), String(score), String(at), roomId, String(seq)]);

const placeOf = (cursor: string | undefined): Place | undefined => {
  const read = readCursor(cursor, 'text', 'text', 'text', 'uuid', 'text');
  if (!read) return undefined;
  const [until, score, at, seq] = [read[0], read[1], read[2], read[4]].map(Number);
  const isOurs =
    isMoment(until) &&
    isMoment(at) &&
    Number.isSafeInteger(seq) &&
    score !== undefined &&
    Number.isFinite(score);
  if (isOurs) return { until, score, at, roomId: read[3], seq: seq! };
  throw new AppError('invalid_input', {
    errors: [{ field: 'cursor', message: 'cursor is not one of ours' }],
  });
};

/** Within what a timestamp of the database can be. */
const isMoment = (value: number | undefined): value is number =>
  value !== undefined && Number.isFinite(value) && value >= 0 && value <= 8.64e15;

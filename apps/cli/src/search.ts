import { type Api, type RoomData, type SearchHit, type SearchOptions, withLocalDays } from '@veche/client';
import { all } from './chats';
import type { Names } from './names';
import { printable, styled } from './terminal';

/** The most that a page of it has. */
const PAGE = 50;

/** The first so many messages that are found; days in the search begin at this machine's midnight. */
export const find = async (
  api: Api,
  words: string,
  { limit, ...options }: Pick<SearchOptions, 'roomId' | 'order'> & { limit: number },
): Promise<SearchHit[]> => {
  const hits: SearchHit[] = [];
  if (limit === 0) return hits;
  const query = withLocalDays(words);
  const page = (cursor?: string) => api.search(query, { ...options, cursor, limit: Math.min(PAGE, limit) });
  for await (const hit of all(page)) if (hits.push(hit) === limit) break;
  return hits;
};

const moment = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

/** The excerpt in one line, with what was found in it bold. */
const excerptText = ({ excerpt, marks }: SearchHit): string => {
  let at = 0;
  let text = '';
  // cut first: the marks count the characters as they came
  for (const [from, to] of marks) {
    text += line(excerpt.slice(at, from)) + styled('bold', line(excerpt.slice(from, to)));
    at = to;
  }
  return text + line(excerpt.slice(at));
};

const line = (text: string): string => printable(text).replaceAll('\n', ' ');

/** What was found, for people: when and where above who said what. */
export const hitTexts = async (
  api: Api,
  hits: readonly SearchHit[],
  called: Names,
  me: string,
): Promise<string[]> => {
  await called.learn(hits.map(({ message }) => message.actorId));
  const chats = new Map<string, string>();
  for (const roomId of new Set(hits.map((hit) => hit.roomId))) {
    // a chat that was left since then has no name any more
    const room: RoomData | undefined = await api.rooms.get(roomId).catch(() => undefined);
    chats.set(roomId, room ? await called.ofChat(room, me) : roomId);
  }
  return hits.map((hit) => {
    const where = `${moment.format(new Date(hit.message.at))}  ${printable(chats.get(hit.roomId) ?? '')}`;
    return `${styled('dim', where)}\n  ${styled('bold', called.of(hit.message.actorId))}: ${excerptText(hit)}`;
  });
};

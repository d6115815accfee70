import {
  type SearchMessagesRequest,
  type SearchMessagesResponse,
  SearchOrder,
  searchOrderText,
} from '@veche/contracts';
import { messageToJson } from '../../entries/entry.wire';
import type { SearchHitsDto, SearchQuery } from './search.dto';

export const searchRequest = ({ q, has, order, ...rest }: SearchQuery): SearchMessagesRequest => ({
  ...rest,
  query: q ?? '',
  has: has ?? [],
  order: order ? searchOrderText.value(order) : SearchOrder.UNSPECIFIED,
});

export const hitsToJson = ({ hits, nextCursor }: SearchMessagesResponse): SearchHitsDto => ({
  items: hits.map(({ message, excerpt, marks }) => {
    const json = messageToJson(message);
    return {
      roomId: json.roomId,
      seq: json.seq,
      message: json,
      excerpt,
      marks: marks.map(({ start, end }): [number, number] => [start, end]),
    };
  }),
  nextCursor,
});

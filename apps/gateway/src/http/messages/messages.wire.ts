import type { ListEventsResponse, ListMessagesResponse } from '@veche/contracts';
import { entryToJson } from '../../entries/entry.wire';
import type { EventsDto, MessagesDto } from './messages.dto';

export const messagesToJson = ({ entries, nextBefore }: ListMessagesResponse): MessagesDto => ({
  items: entries.map(entryToJson),
  nextBefore,
});

export const eventsToJson = ({ entries, lastSeq, complete }: ListEventsResponse): EventsDto => ({
  items: entries.map(entryToJson),
  lastSeq,
  complete,
});

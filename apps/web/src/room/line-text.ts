import { useCallback } from 'react';
import { useChat } from '../chat/chat';
import { wholly } from '../files/said';
import { useFormats, useMessages } from '../i18n/i18n';
import { nameOf } from '../people/people';
import { useMe } from '../session/session';
import { isPending, type Line } from './lines';
import { comings, comingText, subjectOf, systemText } from './system-text';

/**
 * What a line is as text alone: who said it and when, and below what was typed, with the signs of its markdown, so that
 * it can be said again elsewhere. What happened is one line, as it is shown.
 */
export const useLineText = (
  lineAt: (index: number) => Line | undefined,
): ((index: number) => string | undefined) => {
  const { person } = useChat();
  const me = useMe();
  const messages = useMessages();
  const formats = useFormats();
  return useCallback(
    (index) => {
      const shown = lineAt(index);
      if (!shown) return undefined;
      const { said: line, joined } = shown;
      const name = (id: string | undefined): string =>
        id === me.id ? me.displayName : id === undefined ? '' : nameOf(person(id).get(), messages);
      if (joined)
        return comings(joined)
          .map(({ actorId, userIds }) => {
            const names = formats.list(userIds.map(name));
            return comingText(actorId && name(actorId), names, userIds.length, messages);
          })
          .join(' · ');
      const pending = isPending(line);
      if (!pending && line.type !== 'message.created')
        return systemText(line, name(line.actorId), name(subjectOf(line)), messages);
      const isDeleted = !pending && line.deletedAt !== undefined;
      const text = isDeleted ? messages.room.deleted : wholly(line, messages);
      const author = name(pending ? me.id : line.actorId);
      return `${[author, formats.moment(new Date(line.at))].filter(Boolean).join(', ')}\n${text}`;
    },
    [lineAt, person, me, messages, formats],
  );
};

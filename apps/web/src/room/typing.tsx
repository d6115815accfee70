import type { Room } from '@veche/client';
import { type ReactNode, useEffect } from 'react';
import { useWatched } from '../chat/chat';
import { useMessages } from '../i18n/i18n';
import { useNameOf } from '../people/people';
import style from './typing.module.css';

/** Who writes in the room that one looks at. It has its place whether anybody does, so that nothing moves. */
export const Typing = ({ room }: { room: Room }): ReactNode => {
  const { room: messages } = useMessages();
  const typists = useWatched(room.typing);
  const [one, two] = [useNameOf(typists[0]), useNameOf(typists[1])];
  useEffect(() => room.enter(), [room]);
  const text = (): string => {
    if (typists.length > 2) return messages.severalType;
    if (typists.length === 2) return one && two && messages.twoType(one, two);
    return one && messages.types(one);
  };
  return (
    <div className={style.typing} data-typing={typists.length > 0 || undefined} dir="auto">
      {typists.length > 0 && (
        <>
          <span className={style.dots} aria-hidden>
            <i />
            <i />
            <i />
          </span>
          {text()}
        </>
      )}
    </div>
  );
};

import type { ComponentProps, ReactNode } from 'react';
import { Avatar } from '../ui/avatar';
import { usePresence } from './presence';
import style from './person-avatar.module.css';

/** Somebody's initials, and whether they are here. In words it is told where one talks to them. */
export const PersonAvatar = (avatar: ComponentProps<typeof Avatar>): ReactNode => {
  const availability = usePresence(avatar.id)?.availability ?? 'offline';
  return (
    <span className={style.person}>
      <Avatar {...avatar} />
      {availability !== 'offline' && (
        <span className={style.dot} data-availability={availability} data-size={avatar.size} aria-hidden />
      )}
    </span>
  );
};

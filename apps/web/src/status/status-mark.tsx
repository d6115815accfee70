import type { ReactNode } from 'react';
import { usePresence } from '../people/presence';
import style from './status.module.css';

/** The emoji of what somebody says of themself, beside their name; its words when one points at it. */
export const StatusMark = ({ id }: { id: string | undefined }): ReactNode => {
  const status = usePresence(id)?.status;
  if (!status?.emoji && !status?.text) return null;
  return (
    <span className={style.mark} title={status.text}>
      <span aria-hidden={status.text ? true : undefined}>{status.emoji ?? '💬'}</span>
      {status.text && <span className="heard-only">{status.text}</span>}
    </span>
  );
};

import { Pin } from 'lucide-react';
import type { ReactNode } from 'react';
import { useMessages } from '../i18n/i18n';
import { useNameOf } from '../people/people';
import style from './pin-mark.module.css';

/** A message in the log is one that the room keeps at hand. */
export const PinMark = ({ by }: { by: string }): ReactNode => {
  const { pins } = useMessages();
  return (
    <span className={style.mark}>
      <Pin size={12} aria-hidden />
      {pins.pinnedBy(useNameOf(by))}
    </span>
  );
};

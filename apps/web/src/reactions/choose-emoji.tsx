import type { ReactNode, RefObject } from 'react';
import { Dialog } from 'react-aria-components/Dialog';
import { Popover } from 'react-aria-components/Popover';
import { useMessages } from '../i18n/i18n';
import { Picker } from './picker';
import style from './react-with.module.css';

interface ChooseEmojiProps {
  /** What it was opened from. */
  beside: RefObject<HTMLElement | null>;
  onChoose: (emoji: string) => void;
  onClose: () => void;
}

/** All emoji, to write one. */
export const ChooseEmoji = ({ beside, onChoose, onClose }: ChooseEmojiProps): ReactNode => {
  const { room } = useMessages();
  return (
    <Popover
      isOpen
      onOpenChange={(open) => !open && onClose()}
      triggerRef={beside}
      placement="top start"
      offset={4}
      className={style.popover ?? ''}
    >
      <Dialog className={style.dialog ?? ''} aria-label={room.emoji}>
        <Picker onChoose={onChoose} onLost={onClose} />
      </Dialog>
    </Popover>
  );
};

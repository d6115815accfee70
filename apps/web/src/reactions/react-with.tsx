import { Ellipsis } from 'lucide-react';
import { type ReactNode, type RefObject, useState } from 'react';
import { Dialog } from 'react-aria-components/Dialog';
import { Popover } from 'react-aria-components/Popover';
import { Toolbar } from 'react-aria-components/Toolbar';
import { useMessages } from '../i18n/i18n';
import { IconButton } from '../ui/button';
import { Picker } from './picker';
import style from './react-with.module.css';

const USUAL = ['👍', '❤️', '😂', '🎉', '😮', '🙏'];

interface ReactWithProps {
  /** What it was opened from. */
  beside: RefObject<HTMLElement | null>;
  /** What one reacted with already: choosing it again takes it back. */
  mine: readonly string[];
  onChoose: (emoji: string) => void;
  onClose: () => void;
}

/** A few usual emoji to react with, and the way to all others. */
export const ReactWith = ({ beside, mine, onChoose, onClose }: ReactWithProps): ReactNode => {
  const { reacting } = useMessages();
  const [isMore, setMore] = useState(false);
  const choose = (emoji: string): void => {
    onChoose(emoji);
    onClose();
  };
  return (
    <Popover
      isOpen
      onOpenChange={(open) => !open && onClose()}
      triggerRef={beside}
      placement="bottom"
      offset={4}
      className={style.popover ?? ''}
    >
      <Dialog className={style.dialog ?? ''} aria-label={reacting.react}>
        {isMore ? (
          <Picker onChoose={choose} onLost={onClose} />
        ) : (
          <Toolbar className={style.usual ?? ''} aria-label={reacting.usual}>
            {USUAL.map((emoji, i) => (
              <button
                key={emoji}
                type="button"
                className={style.emoji}
                aria-pressed={mine.includes(emoji)}
                autoFocus={i === 0}
                onClick={() => choose(emoji)}
              >
                {emoji}
              </button>
            ))}
            <IconButton label={reacting.more} onPress={() => setMore(true)}>
              <Ellipsis size={18} />
            </IconButton>
          </Toolbar>
        )}
      </Dialog>
    </Popover>
  );
};

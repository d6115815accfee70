import { isVisible, type Room } from '@veche/client';
import { SendHorizontal } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef } from 'react';
import { Button } from 'react-aria-components/Button';
import { useMessages } from '../i18n/i18n';
import { useMe } from '../session/session';
import { changeDraft, useDraft } from './drafts';
import style from './composer.module.css';

/** The server's limit (docs/api.md), in characters. */
const MAX = 4000;
/** From here on it is told how much is left. */
const TELL_FROM = 3500;
/** What an input method is given of a key that is its own. Safari says so of the Enter that ends a word by this alone. */
const INPUT_METHOD = 229;

/** How the keys that send everywhere are written on this system. */
const SEND_KEYS = /Mac|iPhone|iPad/.test(navigator.userAgent) ? '⌘⏎' : 'Ctrl+Enter';

const isTouch = matchMedia('(pointer: coarse)').matches;

/**
 * Where one writes: Enter sends, Shift+Enter begins a line. The keys on a touch screen have no Shift for that: there Enter
 * begins a line, and a button sends. Ctrl+Enter and Cmd+Enter send everywhere.
 */
export const Composer = ({ room, name }: { room: Room; name: string }): ReactNode => {
  const messages = useMessages();
  const me = useMe();
  const hint = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const text = useDraft(me.id, room.id);
  const length = [...text].length;
  const canSend = isVisible(text) && length <= MAX;

  useEffect(() => {
    if (!isTouch) field.current?.focus({ preventScroll: true });
  }, [room.id]);

  const send = (): void => {
    if (!canSend) return;
    // who writes has read what is above
    room.send(text.trim()).committed.then(
      ({ seq }) => room.markRead(seq),
      () => undefined,
    );
    changeDraft(me.id, room.id, '');
    field.current?.focus();
  };
  const press = (event: KeyboardEvent): void => {
    // an input method ends its word with Enter, too
    const isWord = event.nativeEvent.isComposing || event.keyCode === INPUT_METHOD;
    if (event.key !== 'Enter' || isWord) return;
    if (!event.ctrlKey && !event.metaKey && (event.shiftKey || isTouch)) return;
    event.preventDefault();
    send();
  };
  return (
    <div className={style.composer}>
      <div className={style.box}>
        <textarea
          ref={field}
          className={style.text}
          dir="auto"
          rows={1}
          value={text}
          onChange={(event) => changeDraft(me.id, room.id, event.target.value)}
          onKeyDown={press}
          placeholder={messages.room.writeTo(name)}
          aria-label={messages.room.writeTo(name)}
          aria-describedby={hint}
          aria-invalid={length > MAX}
        />
        <Button
          className={style.send ?? ''}
          aria-label={messages.room.send}
          isDisabled={!canSend}
          onPress={send}
        >
          <SendHorizontal size={18} />
        </Button>
      </div>
      <div id={hint} className={`${style.hint} ${length > TELL_FROM ? style.isNeeded : ''}`}>
        <span>{isTouch ? messages.room.touchHint(SEND_KEYS) : messages.room.composerHint}</span>
        {length > TELL_FROM && (
          <span className={length > MAX ? style.tooLong : ''} role="status">
            {messages.room.left(MAX - length)}
          </span>
        )}
      </div>
    </div>
  );
};

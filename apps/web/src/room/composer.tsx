import { isVisible, type Room } from '@veche/client';
import { SendHorizontal } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { useMessages } from '../i18n/i18n';
import { useMe } from '../session/session';
import { draftOf, keepDraft } from './drafts';
import style from './composer.module.css';

/** The server's limit (docs/api.md), in characters. */
const MAX = 4000;
/** From here on it is told how much is left. */
const TELL_FROM = 3500;
/** A draft is kept this long after the last key, and when the room is left. */
const KEEP_MS = 400;

const isTouch = matchMedia('(pointer: coarse)').matches;

/** Where one writes: Enter sends, Shift+Enter begins a line; on a touch screen there is a button for the one. */
export const Composer = ({ room, name }: { room: Room; name: string }): ReactNode => {
  const messages = useMessages();
  const me = useMe();
  const hint = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState(() => draftOf(me.id, room.id));
  const latest = useRef(text);
  const length = [...text].length;
  const canSend = isVisible(text) && length <= MAX;

  useEffect(() => {
    latest.current = text;
    const timer = setTimeout(() => keepDraft(me.id, room.id, text), KEEP_MS);
    return () => clearTimeout(timer);
  }, [me.id, room.id, text]);
  useEffect(() => {
    const keep = (): void => keepDraft(me.id, room.id, latest.current);
    addEventListener('pagehide', keep);
    if (!isTouch) field.current?.focus({ preventScroll: true });
    return () => {
      removeEventListener('pagehide', keep);
      keep();
    };
  }, [me.id, room.id]);

  const send = (): void => {
    if (!canSend) return;
    room.send(text.trim());
    latest.current = '';
    setText('');
    keepDraft(me.id, room.id, '');
    field.current?.focus();
  };
  const press = (event: KeyboardEvent): void => {
    // an input method ends its word with Enter, too
    if (event.key !== 'Enter' || event.shiftKey || isTouch || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  };
  return (
    <div className={style.composer}>
      <div className={style.box}>
        <textarea
          ref={field}
          className={style.text}
          rows={1}
          value={text}
          onChange={(event) => setText(event.target.value)}
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
        <span>{isTouch ? messages.room.markdownHint : messages.room.composerHint}</span>
        {length > TELL_FROM && (
          <span className={length > MAX ? style.tooLong : ''} role="status">
            {messages.room.left(MAX - length)}
          </span>
        )}
      </div>
    </div>
  );
};

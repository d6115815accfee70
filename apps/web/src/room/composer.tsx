import { isInRoom, isVisible, type MessageCreated, type Room, type RoomThread } from '@veche/client';
import { Check, Pencil, Reply, SendHorizontal, X } from 'lucide-react';
import {
  type ClipboardEvent,
  type KeyboardEvent,
  type ReactNode,
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { Button } from 'react-aria-components/Button';
import { pastedFiles } from '../files/given';
import { heard } from '../files/said';
import { UploadChips, useHoldUp } from '../files/upload-chips';
import { takeUploads, useUploads } from '../files/uploads';
import { useMessages } from '../i18n/i18n';
import { useProblemText } from '../app/problem';
import { useWatched } from '../chat/chat';
import { useNameOf } from '../people/people';
import { useMe } from '../session/session';
import { useIsNarrow } from '../shell/narrow';
import { IconButton } from '../ui/button';
import { toast } from '../ui/toast';
import { completed, typedAt } from './completing';
import { ComposerTools } from './composer-tools';
import { changeDraft, useDraft } from './drafts';
import { apply, type Format, formatOf, formatted } from './formatting';
import { NotMentioned, useNotMentioned } from './not-mentioned';
import { type Suggestion, Suggestions, useSuggestions } from './suggestions';
import style from './composer.module.css';

/** The server's limit (docs/api.md), in characters. */
const MAX = 4000;
/** From here on it is told how much is left. */
const TELL_FROM = 3500;
/** What an input method is given of a key that is its own. Safari says so of the Enter that ends a word by this alone. */
const INPUT_METHOD = 229;

const isTouch = matchMedia('(pointer: coarse)').matches;

/** What one writes about: a message that one answers, or one's own that one changes. */
export interface About {
  readonly act: 'reply' | 'edit';
  readonly message: MessageCreated;
}

interface ComposerProps {
  room: Room;
  /** Where one replies in a thread of the room. */
  thread?: RoomThread;
  name: string;
  /** Each message that is being changed has a composer of its own. */
  about: About | undefined;
  onAbout: (about: About | undefined) => void;
  onFiles: (files: readonly File[]) => void;
}

/** What one said last, as far as it can be seen. */
const lastOwn = (room: Room, thread: RoomThread | undefined, me: string): MessageCreated | undefined => {
  const said =
    thread?.timeline.get().messages ??
    room.timeline.get().entries.filter((entry) => entry.type === 'message.created' && isInRoom(entry));
  return said.findLast(
    (entry): entry is MessageCreated =>
      entry.type === 'message.created' && entry.actorId === me && entry.deletedAt === undefined,
  );
};

/**
 * Where one writes: Enter sends, Shift+Enter begins a line. The keys on a touch screen have no Shift for that: there Enter
 * begins a line, and a button sends. Ctrl+Enter and Cmd+Enter send everywhere. The arrow up, where nothing is written yet,
 * takes up again what one said last.
 */
export const Composer = ({ room, thread, name, about, onAbout, onFiles }: ComposerProps): ReactNode => {
  const editing = about?.act === 'edit' ? about.message : undefined;
  const answering = about?.act === 'reply' ? about.message : undefined;
  const messages = useMessages();
  const me = useMe();
  const isNarrow = useIsNarrow();
  const left = useId();
  const held = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const answeredName = useNameOf(answering?.actorId);
  const problem = useProblemText();
  const place = thread ? `${room.id}/${thread.threadSeq}` : room.id;
  const [isAlsoInRoom, setAlsoInRoom] = useState(false);
  const draft = useDraft(me.id, place);
  const [changed, setChanged] = useState(editing?.text ?? '');
  const text = editing ? changed : draft;
  const length = [...text].length;
  const [isSaving, setIsSaving] = useState(false);
  const uploads = useUploads(place);
  const carried = editing ? [] : uploads;
  const holdUp = useHoldUp(carried);
  const hasSomething = isVisible(text) || carried.length > 0;
  const canSend = hasSomething && holdUp === '' && length <= MAX && !isSaving;
  const overview = useWatched(room.overview);
  const notMentioned = useNotMentioned();
  const listId = useId();
  const [caret, setCaret] = useState(0);
  const [current, setCurrent] = useState(0);
  /** The sign whose suggestions are not wanted. */
  const [declined, setDeclined] = useState<number>();
  const wantedCaret = useRef<number>(undefined);
  const atCaret = typedAt(text, caret);
  const typed = atCaret && atCaret.from !== declined ? atCaret : undefined;
  const suggestions = useSuggestions(room, typed);
  const change = (value: string): void => (editing ? setChanged(value) : changeDraft(me.id, place, value));
  const choose = ({ value }: Suggestion): void => {
    if (!typed) return;
    const next = completed(text, typed, value);
    wantedCaret.current = next.caret;
    change(next.text);
    setCaret(next.caret);
    field.current?.focus();
  };
  useLayoutEffect(() => {
    if (wantedCaret.current === undefined) return;
    field.current?.setSelectionRange(wantedCaret.current, wantedCaret.current);
    wantedCaret.current = undefined;
  }, [text]);
  const look = (): void => {
    const at = field.current?.selectionEnd ?? 0;
    if (at === caret) return;
    setCaret(at);
    setCurrent(0);
  };
  /** @returns whether the key was for the suggestions */
  const pressSuggestion = (event: KeyboardEvent): boolean => {
    if (!typed || suggestions.length === 0) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const chosen = suggestions[Math.min(current, suggestions.length - 1)];
    if (step !== undefined) setCurrent((current + step + suggestions.length) % suggestions.length);
    else if (event.key === 'Escape') setDeclined(typed.from);
    else if ((event.key === 'Enter' || event.key === 'Tab') && !event.shiftKey && chosen) choose(chosen);
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  };

  useEffect(() => {
    if (isTouch && !about) return;
    field.current?.focus({ preventScroll: true });
    field.current?.setSelectionRange(-1, -1);
  }, [place, about]);

  // a draft that is left is not being written
  useEffect(() => (thread ? undefined : () => room.write(false)), [room, thread]);

  const save = async (message: MessageCreated): Promise<void> => {
    const said = text.trim();
    setIsSaving(true);
    try {
      if (said !== message.text) await room.edit(message.seq, said);
      onAbout(undefined);
    } catch (error) {
      setIsSaving(false);
      toast(problem(error));
    }
  };
  const send = (): void => {
    if (!canSend) return;
    if (editing) return void save(editing);
    // who writes has read what is above
    const attachments = takeUploads(place);
    const said = isVisible(text) ? text.trim() : '';
    (thread ?? room)
      .send(said, {
        replyTo: answering?.seq,
        ...(attachments.length > 0 && { attachments }),
        ...(thread && isAlsoInRoom && { alsoInRoom: true }),
      })
      .committed.then(
        (message) => {
          (thread ?? room).markRead(message.seq);
          void notMentioned.look(message);
        },
        () => undefined,
      );
    changeDraft(me.id, place, '');
    setAlsoInRoom(false);
    onAbout(undefined);
    field.current?.focus();
  };
  /** Gives what is selected a format, or takes it away. */
  const format = (how: Format): void => {
    const it = field.current;
    if (it) apply(it, formatted(it.value, it.selectionStart, it.selectionEnd, how));
  };
  /** Writes something where the caret stands. */
  const insert = (put: string): void => {
    const it = field.current;
    if (!it) return;
    const { selectionStart: from, selectionEnd: to } = it;
    const end = from + put.length;
    apply(it, { from, to, text: put, selected: [end, end] });
  };
  const attach = (files: readonly File[]): void => {
    onFiles(files);
    field.current?.focus();
  };
  const paste = (event: ClipboardEvent): void => {
    const files = editing ? [] : pastedFiles(event.clipboardData);
    if (files.length === 0) return;
    event.preventDefault();
    attach(files);
  };
  const mention = (): void => {
    const before = text.slice(0, field.current?.selectionStart);
    insert(/\S$/.test(before) ? ' @' : '@');
  };
  const press = (event: KeyboardEvent): void => {
    // an input method ends its word with Enter, too
    const isWord = event.nativeEvent.isComposing || event.keyCode === INPUT_METHOD;
    if (isWord || pressSuggestion(event)) return;
    if (event.key === 'Escape' && about) {
      // and nothing else: it may lead back to where one came from
      event.preventDefault();
      return onAbout(undefined);
    }
    if (event.key === 'ArrowUp' && text === '' && !about) {
      const last = lastOwn(room, thread, me.id);
      if (!last) return;
      event.preventDefault();
      return onAbout({ act: 'edit', message: last });
    }
    const isSelected = field.current?.selectionStart !== field.current?.selectionEnd;
    const how = formatOf(event, isSelected);
    if (how) {
      event.preventDefault();
      // with something selected, a key that also leads elsewhere is ours
      event.stopPropagation();
      return format(how);
    }
    if (event.key !== 'Enter') return;
    if (!event.ctrlKey && !event.metaKey && (event.shiftKey || isTouch)) return;
    event.preventDefault();
    send();
  };
  const placeholder = thread ? messages.threads.write : messages.room.writeTo(name);
  return (
    <div className={style.composer} data-thread={thread?.threadSeq}>
      {about && (
        <div className={style.about}>
          {editing ? <Pencil size={14} aria-hidden /> : <Reply size={15} aria-hidden />}
          <span dir="auto">
            {editing ? messages.room.editing : messages.room.replyingTo(answeredName)}
            {editing && !isTouch && <small>{messages.room.editHint}</small>}
            {answering && <q>{heard(answering, messages).slice(0, 200)}</q>}
          </span>
          <IconButton label={messages.cancel} onPress={() => onAbout(undefined)}>
            <X size={16} />
          </IconButton>
        </div>
      )}
      {overview && notMentioned.people.length > 0 && (
        <NotMentioned
          room={overview}
          people={notMentioned.people}
          onClose={() => {
            notMentioned.forget();
            field.current?.focus();
          }}
        />
      )}
      <div className={style.box}>
        {typed && suggestions.length > 0 && (
          <Suggestions
            id={listId}
            suggestions={suggestions}
            current={Math.min(current, suggestions.length - 1)}
            onChoose={choose}
          />
        )}
        {carried.length > 0 && (
          <UploadChips roomId={place} uploads={carried} onRemoved={() => field.current?.focus()} />
        )}
        <textarea
          ref={field}
          className={style.text}
          dir="auto"
          rows={1}
          value={text}
          onChange={({ target: { value, selectionEnd } }) => {
            if (!editing && !thread) room.write(isVisible(value));
            change(value);
            setCaret(selectionEnd);
            setCurrent(0);
            if (typedAt(value, selectionEnd)?.from !== declined) setDeclined(undefined);
          }}
          onSelect={look}
          onBlur={() => setCaret(0)}
          onFocus={look}
          onKeyDown={press}
          onPaste={paste}
          aria-autocomplete="list"
          aria-haspopup="listbox"
          aria-controls={typed && suggestions.length > 0 ? listId : undefined}
          aria-activedescendant={
            typed && suggestions.length > 0
              ? `${listId}-${Math.min(current, suggestions.length - 1)}`
              : undefined
          }
          placeholder={placeholder}
          aria-label={editing ? messages.room.editing : placeholder}
          aria-describedby={length > TELL_FROM ? left : undefined}
          aria-invalid={length > MAX}
        />
        {thread && !editing && (
          <label className={style.also}>
            <input
              type="checkbox"
              checked={isAlsoInRoom}
              onChange={({ target }) => setAlsoInRoom(target.checked)}
            />
            {messages.threads.alsoInRoom}
          </label>
        )}
        {holdUp && (
          <p id={held} className={style.holdUp} role="status">
            {holdUp}
          </p>
        )}
        <div className={style.below}>
          <ComposerTools
            showsFormats={!isTouch && !isNarrow && !thread}
            onFiles={editing ? undefined : attach}
            onInsert={insert}
            onMention={mention}
            onFormat={format}
          />
          {length > TELL_FROM && (
            <span id={left} className={`${style.left} ${length > MAX ? style.tooLong : ''}`} role="status">
              {messages.room.left(MAX - length)}
            </span>
          )}
          <Button
            className={style.send ?? ''}
            aria-label={editing ? messages.save : messages.room.send}
            aria-describedby={holdUp ? held : undefined}
            isDisabled={!canSend}
            onPress={send}
          >
            {editing ? <Check size={18} /> : <SendHorizontal size={18} />}
          </Button>
        </div>
      </div>
    </div>
  );
};

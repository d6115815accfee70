import type { MessageCreated, Room, RoomOverview, RoomThread, ThreadTimeline } from '@veche/client';
import { useNavigate } from '@tanstack/react-router';
import {
  type KeyboardEvent,
  type ReactNode,
  useCallback,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { picturesIn } from '../files/kinds';
import { Viewer } from '../files/windows';
import { useMessages } from '../i18n/i18n';
import { useActing } from '../room/acting';
import type { About } from '../room/composer';
import { EntryLine } from '../room/entry';
import { EntryBoundary } from '../room/entry-boundary';
import { isPending, type Line, linesOf } from '../room/lines';
import { useMe } from '../session/session';
import { Button } from '../ui/button';
import style from './thread-panel.module.css';

interface RepliesProps {
  room: Room;
  overview: RoomOverview;
  thread: RoomThread;
  timeline: ThreadTimeline;
  /** The number of a reply to begin at. */
  at: number | undefined;
  onCompose: (about: About) => void;
}

/** Nearer to the end than this is at the end. */
const NEAR_END_PX = 80;

/** What a thread hangs on, and what was replied. */
export const Replies = ({ room, overview, thread, timeline, at, onCompose }: RepliesProps): ReactNode => {
  const messages = useMessages();
  const me = useMe();
  const navigate = useNavigate();
  const scroller = useRef<HTMLDivElement>(null);
  const root = timeline.thread?.root;
  const isDirect = overview.kind === 'direct';
  const lines = useMemo(
    () => linesOf([...(root ? [root] : []), ...timeline.messages], timeline.pending, isDirect, me.id, true),
    [root, timeline.messages, timeline.pending, isDirect, me.id],
  );
  const [first, ...replies] = lines;
  const messageOf = (seq: number): MessageCreated | undefined =>
    seq === root?.seq ? root : timeline.messages.find((message) => message.seq === seq);

  // what was not read when it was opened is new until it is closed
  const [newFrom] = useState(timeline.thread?.following ? timeline.thread.readSeq : undefined);
  const firstNew =
    newFrom === undefined
      ? undefined
      : timeline.messages.find(({ seq, actorId }) => seq > newFrom && actorId !== me.id)?.seq;

  useFollowingEnd(scroller, replies.length, at ?? firstNew);

  const [current, setCurrent] = useState<number>();
  const [viewed, setViewed] = useState<string>();
  const closeViewer = useCallback(() => setViewed(undefined), []);
  const markUnread = useCallback((seq: number) => thread.markUnread(seq), [thread]);
  const { actions, onReact, onMenu, act, longPress, chosenFor, windows } = useActing({
    ...{ room, overview, messageOf, markUnread, onCompose },
  });
  const go = (seq: number): void => {
    const isHere = messageOf(seq) !== undefined;
    if (isHere) scroller.current?.querySelector(`[data-seq="${seq}"]`)?.scrollIntoView({ block: 'center' });
    else void navigate({ to: '/rooms/$roomId', params: { roomId: room.id }, search: { at: seq } });
  };
  const press = (event: KeyboardEvent<HTMLDivElement>): void => {
    const { key, altKey, ctrlKey, metaKey } = event;
    const step = { ArrowUp: -1, ArrowDown: 1 }[key];
    if (altKey || ctrlKey || metaKey || !(step !== undefined || act(event))) return;
    event.preventDefault();
    if (step === undefined) return;
    const to = Math.max(0, Math.min((current ?? lines.length) + step, lines.length - 1));
    setCurrent(to);
    scroller.current?.querySelector<HTMLElement>(`[data-index="${to}"]`)?.focus();
  };
  const row = (line: Line, index: number): ReactNode => {
    const { said } = line;
    const seq = isPending(said) ? undefined : said.seq;
    const answered = isPending(said) || said.type === 'message.created' ? said.replyTo : undefined;
    return (
      <div
        key={isPending(said) ? said.clientId : said.seq}
        className={index === 0 ? `${style.row} ${style.root}` : style.row}
        data-index={index}
        data-seq={seq}
        tabIndex={-1}
        onFocus={() => setCurrent(index)}
        onPointerEnter={({ pointerType }) => pointerType === 'mouse' && setCurrent(index)}
      >
        <EntryBoundary line={said}>
          <EntryLine
            said={said}
            joined={undefined}
            isNewDay={line.isNewDay && index > 0}
            isFirst={line.isFirst || index === 1}
            me={me.id}
            answered={answered === undefined ? undefined : messageOf(answered)}
            isNew={seq !== undefined && seq === firstNew}
            isTarget={seq !== undefined && seq === at}
            isLast={index === lines.length - 1 && index > 0}
            isCurrent={index === current || (seq !== undefined && seq === chosenFor)}
            actions={actions}
            onMenu={onMenu}
            onReact={onReact}
            onGo={go}
            onView={setViewed}
            onRetry={(clientId) => room.retry(clientId)}
            onDiscard={(clientId) => room.discard(clientId)}
          />
        </EntryBoundary>
      </div>
    );
  };
  return (
    <>
      <div
        ref={scroller}
        className={style.scroller}
        role="log"
        aria-label={messages.threads.log}
        aria-busy={timeline.loadingOlder}
        tabIndex={0}
        onKeyDown={press}
        {...longPress}
      >
        {first && row(first, 0)}
        <p className={style.count}>{messages.threads.replies(root?.thread?.replies ?? 0)}</p>
        {!timeline.reachedStart && timeline.status === 'ready' && (
          <div className={style.older}>
            <Button look="quiet" isPending={timeline.loadingOlder} onPress={() => void thread.loadOlder()}>
              {messages.threads.older}
            </Button>
          </div>
        )}
        {replies.map((line, i) => row(line, i + 1))}
      </div>
      {windows}
      {viewed !== undefined && (
        <Viewer
          pictures={picturesIn([...(root ? [root] : []), ...timeline.messages, ...timeline.pending])}
          id={viewed}
          onView={setViewed}
          onClose={closeViewer}
        />
      )}
    </>
  );
};

/** Begins at a reply, or else at the end, and stays at the end for as long as one is there. */
const useFollowingEnd = (
  scroller: { readonly current: HTMLDivElement | null },
  count: number,
  begin: number | undefined,
): void => {
  const isAtEnd = useRef(true);
  const begun = useRef<number | 'end'>(undefined);
  useLayoutEffect(() => {
    const box = scroller.current;
    if (!box) return undefined;
    const look = (): void => {
      isAtEnd.current = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_END_PX;
    };
    box.addEventListener('scroll', look, { passive: true });
    return () => box.removeEventListener('scroll', look);
  }, [scroller]);
  useLayoutEffect(() => {
    const box = scroller.current;
    if (!box) return;
    const goal = begin ?? 'end';
    const line = begin === undefined ? null : box.querySelector(`[data-seq="${begin}"]`);
    if (begun.current !== goal && line) line.scrollIntoView({ block: 'center' });
    else if (begun.current === undefined || isAtEnd.current) box.scrollTop = box.scrollHeight;
    if (count > 0) begun.current = goal;
  }, [scroller, count, begin]);
};

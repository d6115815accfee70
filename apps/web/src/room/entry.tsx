import {
  calls,
  type Entry,
  isFewEmoji,
  type MemberJoined,
  type MessageCreated,
  type PendingMessage,
} from '@veche/client';
import { formatISO } from 'date-fns';
import { Check, Clock, Ellipsis, TriangleAlert } from 'lucide-react';
import { Fragment, memo, type MouseEvent, type ReactNode, useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { useProblemText } from '../app/problem';
import { Attachments } from '../files/attachments';
import { useFormats, useMessages } from '../i18n/i18n';
import { useToday } from '../i18n/today';
import { Markdown } from '../markdown/markdown';
import { nameOf, useNameOf, useNames, usePerson } from '../people/people';
import { PersonName } from '../people/person-name';
import { PinMark } from '../pins/pin-mark';
import { Chips } from '../reactions/chips';
import { ThreadBar } from '../threads/thread-bar';
import { ThreadMark } from '../threads/thread-mark';
import { Avatar } from '../ui/avatar';
import { IconButton } from '../ui/button';
import { isPending, type Said } from './lines';
import { type ActionContext, actionsFor, linkTo } from './message-actions';
import { Quote } from './quote';
import { type Coming, comings, comingText, subjectOf, systemText } from './system-text';
import style from './entry.module.css';

interface EntryProps {
  said: Said;
  joined: readonly MemberJoined[] | undefined;
  isNewDay: boolean;
  isFirst: boolean;
  me: string;
  /** The message that it answers, where that is shown too. */
  answered: MessageCreated | undefined;
  /** Whether what is new begins with it. */
  isNew: boolean;
  /** Whether one came here to see just this one. */
  isTarget: boolean;
  /** Whether nothing stands below it. */
  isLast: boolean;
  /** Whether one points at it or has walked to it: it shows what can be done with it. */
  isCurrent: boolean;
  actions: ActionContext;
  /** One wants to see everything that can be done with it, beside this element. */
  onMenu: (message: MessageCreated, row: HTMLElement, beside: HTMLElement) => void;
  /** One reacts with this emoji, or takes that back. */
  onReact: (message: MessageCreated, emoji: string) => void;
  onGo: (seq: number) => void;
  /** One wants to see one of its pictures. */
  onView: (id: string) => void;
  onRetry: (clientId: string) => void;
  onDiscard: (clientId: string) => void;
}

/** One line of the timeline, with what begins above it: a day, or what is new. */
export const EntryLine = memo((props: EntryProps): ReactNode => {
  const { said, joined, isNewDay, isNew } = props;
  const { room } = useMessages();
  return (
    <>
      {isNewDay && <Day of={new Date(said.at)} />}
      {isNew && <div className={style.new}>{room.newMessages}</div>}
      {isPending(said) || said.type === 'message.created' ? (
        <Message {...props} line={said} isFirst={props.isFirst || isNew} />
      ) : joined ? (
        <Joined entries={joined} />
      ) : (
        <System entry={said} />
      )}
    </>
  );
});

const Day = ({ of }: { of: Date }): ReactNode => {
  const formats = useFormats();
  const today = useToday();
  return (
    <div className={style.day}>
      <time dateTime={formatISO(of, { representation: 'date' })}>{formats.day(of, today)}</time>
    </div>
  );
};

const System = ({ entry }: { entry: Entry }): ReactNode => {
  const messages = useMessages();
  const actor = useNameOf(entry.actorId);
  const subject = useNameOf(subjectOf(entry));
  const text = systemText(entry, actor, subject, messages);
  return text && <Happened at={entry.at}>{text}</Happened>;
};

const Happened = ({ at, children }: { at: string; children: ReactNode }): ReactNode => {
  const formats = useFormats();
  return (
    <p className={style.system}>
      <span>{children}</span>
      <time className={style.time} dateTime={at}>
        {formats.time(new Date(at))}
      </time>
    </p>
  );
};

/** So many are called by their names at first. */
const NAMED = 3;

/** Who came and who was invited, one after the other. */
const Joined = ({ entries }: { entries: readonly MemberJoined[] }): ReactNode => {
  const { room } = useMessages();
  const [isWhole, setWhole] = useState(false);
  const [first] = entries;
  const parts = comings(entries);
  const isLong = parts.some(({ userIds }) => userIds.length > NAMED + 1);
  return (
    first && (
      <Happened at={first.at}>
        {parts.map(({ actorId, userIds }, i) => (
          <Fragment key={actorId ?? ''}>
            {i > 0 && ' · '}
            <Coming actorId={actorId} userIds={userIds} isWhole={isWhole} />
          </Fragment>
        ))}
        {isLong && !isWhole && (
          <button type="button" className={style.all} onClick={() => setWhole(true)}>
            {room.showAll}
          </button>
        )}
      </Happened>
    )
  );
};

const Coming = ({ actorId, userIds, isWhole }: Coming & { isWhole: boolean }): ReactNode => {
  const messages = useMessages();
  const formats = useFormats();
  const actor = useNameOf(actorId);
  const shown = isWhole || userIds.length <= NAMED + 1 ? userIds : userIds.slice(0, NAMED);
  const named = useNames(shown);
  const others = userIds.length - shown.length;
  const names = formats.list([...named, ...(others > 0 ? [messages.reacting.others(others)] : [])]);
  return comingText(actorId === undefined ? undefined : actor, names, userIds.length, messages);
};

const Message = ({
  line,
  me,
  answered,
  isFirst,
  isTarget,
  isLast,
  isCurrent,
  actions,
  onMenu,
  onReact,
  onGo,
  onView,
  onRetry,
  onDiscard,
}: EntryProps & { line: MessageCreated | PendingMessage; isFirst: boolean }): ReactNode => {
  const pending = isPending(line);
  const author = pending ? me : line.actorId;
  const person = usePerson(author);
  const deleted = !pending && line.deletedAt !== undefined;
  const messages = useMessages();
  const { openThread } = actions;
  const classes = [
    style.message,
    isFirst && style.isFirst,
    isTarget && style.isTarget,
    !pending && calls(line, me) && style.isCalling,
    pending && line.state !== 'failed' && style.isPending,
  ];
  return (
    <article className={classes.filter(Boolean).join(' ')}>
      {isFirst ? (
        <>
          <span className={style.gutter}>
            <Avatar id={author} name={person?.displayName ?? ''} />
          </span>
          <div className={style.head}>
            <span className={style.author} dir="auto">
              <PersonName id={author} tabIndex={isCurrent ? 0 : -1} />
            </span>
            <Time line={line} isCurrent={isCurrent} onGo={onGo} />
          </div>
        </>
      ) : (
        <span className={style.aside}>
          <bdi className="heard-only">{nameOf(person, messages)}</bdi>
          <Time line={line} isCurrent={isCurrent} onGo={onGo} />
        </span>
      )}
      {!pending && line.pinnedBy !== undefined && <PinMark by={line.pinnedBy} />}
      {line.threadSeq !== undefined && openThread && (
        <ThreadMark
          roomId={line.roomId}
          threadSeq={line.threadSeq}
          isCurrent={isCurrent}
          onOpen={() => openThread(line.threadSeq ?? 0)}
        />
      )}
      {line.replyTo !== undefined && (
        <Quote
          roomId={line.roomId}
          seq={line.replyTo}
          known={answered}
          tabIndex={isCurrent ? 0 : -1}
          onGo={onGo}
        />
      )}
      <div className={`${style.body} ${!deleted && isLarge(line.text) ? style.isLarge : ''}`} data-said>
        {deleted ? (
          <p className={style.deleted}>{messages.room.deleted}</p>
        ) : (
          line.text && <Markdown text={line.text} mentions={pending ? undefined : line.mentions} />
        )}
        {!deleted && line.attachments && (
          <Attachments files={line.attachments} isCurrent={isCurrent} onView={onView} />
        )}
        {!pending && !deleted && line.editedAt !== undefined && <Edited at={line.editedAt} />}
      </div>
      {author === me && <State line={line} isLast={isLast} />}
      {!pending && line.reactions.length > 0 && (
        <Chips
          reactions={line.reactions}
          isCurrent={isCurrent}
          onToggle={(emoji) => onReact(line, emoji)}
          onMore={(beside) => actions.pickReaction(line, beside)}
        />
      )}
      {!pending && openThread && line.thread && line.thread.replies > 0 && (
        <ThreadBar message={line} isCurrent={isCurrent} onOpen={() => openThread(line.seq)} />
      )}
      {pending && line.state === 'failed' && (
        <Failure message={line} onRetry={onRetry} onDiscard={onDiscard} />
      )}
      {!pending && isCurrent && <Tools message={line} actions={actions} onMenu={onMenu} />}
    </article>
  );
};

/** Emoji alone are shown large, where the browser can tell them. */
const isLarge = (text: string): boolean => {
  try {
    return isFewEmoji(text);
  } catch {
    return false;
  }
};

interface TimeProps {
  line: MessageCreated | PendingMessage;
  isCurrent: boolean;
  onGo: (seq: number) => void;
}

/** When it was said, which is also the way to it. A plain link: there are many, and they come and go while one scrolls. */
const Time = ({ line, isCurrent, onGo }: TimeProps): ReactNode => {
  const formats = useFormats();
  const at = new Date(line.at);
  const time = <time dateTime={line.at}>{formats.time(at)}</time>;
  if (isPending(line)) return <span className={style.time}>{time}</span>;
  const go = (event: MouseEvent): void => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    onGo(line.seq);
  };
  return (
    <a
      href={linkTo(line)}
      onClick={go}
      className={style.time}
      title={formats.moment(at)}
      tabIndex={isCurrent ? 0 : -1}
    >
      {time}
    </a>
  );
};

const Edited = ({ at }: { at: string }): ReactNode => {
  const { room } = useMessages();
  const formats = useFormats();
  return (
    <span className={style.edited} title={room.editedAt(formats.moment(new Date(at)))}>
      {room.edited}
    </span>
  );
};

type ToolsProps = Pick<EntryProps, 'actions' | 'onMenu'> & { message: MessageCreated };

/** What can be done with a message, beside it: the usual, and the way to all of it. */
const Tools = ({ message, actions, onMenu }: ToolsProps): ReactNode => {
  const { messages } = actions;
  const all = actionsFor(message, actions);
  if (all.length === 0) return null;
  return (
    <div className={style.tools} role="group" aria-label={messages.room.messageActions}>
      {all
        .filter(({ inBar }) => inBar)
        .map((action) => (
          <IconButton
            key={action.name}
            label={action.label(messages)}
            onPress={({ target }) => action.run(message, actions, target as HTMLElement)}
          >
            <action.icon size={16} />
          </IconButton>
        ))}
      <IconButton
        label={messages.more}
        aria-haspopup="menu"
        onPress={({ target }) => {
          const button = target as HTMLElement;
          onMenu(message, button.closest<HTMLElement>('[data-index]') ?? button, button);
        }}
      >
        <Ellipsis size={16} />
      </IconButton>
    </div>
  );
};

/** How far one's own message is on its way; said of the last one only once it has arrived. */
const State = ({ line, isLast }: { line: MessageCreated | PendingMessage; isLast: boolean }): ReactNode => {
  const { room } = useMessages();
  const state = isPending(line) ? line.state : 'sent';
  if (state === 'failed' || (state === 'sent' && !isLast)) return null;
  return (
    <span className={style.state}>
      {state === 'sent' ? <Check size={14} aria-hidden /> : <Clock size={13} aria-hidden />}
      <span className="heard-only">{room.states[state]}</span>
    </span>
  );
};

const Failure = ({
  message,
  onRetry,
  onDiscard,
}: {
  message: PendingMessage;
  onRetry: (clientId: string) => void;
  onDiscard: (clientId: string) => void;
}): ReactNode => {
  const messages = useMessages();
  const text = useProblemText();
  return (
    <div className={style.failure} role="alert">
      <TriangleAlert size={14} aria-hidden />
      {messages.room.failed(text(message.error))}
      <Button onPress={() => onRetry(message.clientId)}>{messages.retry}</Button>
      <Button onPress={() => onDiscard(message.clientId)}>{messages.room.discard}</Button>
    </div>
  );
};

import type { MessageCreated } from '@veche/client';
import {
  Copy,
  Link2,
  type LucideIcon,
  MailOpen,
  MessagesSquare,
  Pencil,
  Pin,
  PinOff,
  Reply,
  SmilePlus,
  Trash2,
} from 'lucide-react';
import { clipboard } from '../device/clipboard';
import type { Messages } from '../i18n/en';
import { toast } from '../ui/toast';
import type { About } from './composer';

/** What the actions need of the room that their messages stand in. */
export interface ActionContext {
  readonly me: string;
  readonly messages: Messages;
  /** Whether one may delete what others have written here. */
  readonly deletesAll: boolean;
  /** Whether one may pin messages here. */
  readonly pins: boolean;
  readonly pin: (message: MessageCreated, on: boolean) => void;
  /** Lets this message be unread, and what follows it. */
  readonly markUnread: (message: MessageCreated) => void;
  readonly compose: (about: About) => void;
  /** Lets one choose what to react with, beside an element. */
  readonly pickReaction: (message: MessageCreated, beside: HTMLElement) => void;
  readonly askToDelete: (message: MessageCreated) => void;
  /** Shows the thread that hangs on the message with this number; undefined where a thread is shown already. */
  readonly openThread: ((threadSeq: number) => void) | undefined;
}

/** What can be done with a message. */
export interface MessageAction {
  readonly name: string;
  readonly icon: LucideIcon;
  readonly label: (messages: Messages) => string;
  /** A key while the message has the focus: by its place, as another alphabet has other letters, and as it is shown. */
  readonly key?: { readonly code: string; readonly shown: string };
  /** Whether it stands in the bar beside the message too, and not in its menu alone. */
  readonly inBar?: boolean;
  /** Whether it takes something away. */
  readonly danger?: boolean;
  /** Whether one may; everybody where it is left out. The server decides. */
  readonly isFor?: (message: MessageCreated, context: ActionContext) => boolean;
  readonly run: (message: MessageCreated, context: ActionContext, beside: HTMLElement) => void;
}

/** The path to a message, in this client. */
export const linkTo = ({ roomId, seq }: MessageCreated): string => `/rooms/${roomId}?at=${seq}`;

const isOwn = ({ actorId }: MessageCreated, { me }: ActionContext): boolean => actorId === me;

const copy = (text: string, done: string): void =>
  void clipboard()
    ?.writeText(text)
    .then(() => toast(done));

/**
 * All of them, in the order in which they are offered: by the bar beside a message, its menu, the keyboard, and a long
 * press on a touch screen.
 */
export const MESSAGE_ACTIONS: readonly MessageAction[] = [
  {
    name: 'react',
    icon: SmilePlus,
    label: ({ reacting }) => reacting.react,
    key: { code: 'KeyA', shown: 'A' },
    inBar: true,
    run: (message, { pickReaction }, beside) => pickReaction(message, beside),
  },
  {
    name: 'reply',
    icon: Reply,
    label: ({ room }) => room.reply,
    key: { code: 'KeyR', shown: 'R' },
    inBar: true,
    run: (message, { compose }) => compose({ act: 'reply', message }),
  },
  {
    name: 'thread',
    icon: MessagesSquare,
    label: ({ threads }) => threads.reply,
    key: { code: 'KeyT', shown: 'T' },
    inBar: true,
    isFor: (_message, { openThread }) => openThread !== undefined,
    run: ({ seq, threadSeq = seq }, { openThread }) => openThread?.(threadSeq),
  },
  {
    name: 'edit',
    icon: Pencil,
    label: ({ room }) => room.edit,
    key: { code: 'KeyE', shown: 'E' },
    inBar: true,
    isFor: isOwn,
    run: (message, { compose }) => compose({ act: 'edit', message }),
  },
  {
    name: 'pin',
    icon: Pin,
    label: ({ pins }) => pins.pin,
    key: { code: 'KeyP', shown: 'P' },
    isFor: ({ pinnedBy }, { pins }) => pins && pinnedBy === undefined,
    run: (message, { pin }) => pin(message, true),
  },
  {
    name: 'unpin',
    icon: PinOff,
    label: ({ pins }) => pins.unpin,
    key: { code: 'KeyP', shown: 'P' },
    isFor: ({ pinnedBy }, { pins }) => pins && pinnedBy !== undefined,
    run: (message, { pin }) => pin(message, false),
  },
  {
    name: 'mark-unread',
    icon: MailOpen,
    label: ({ room }) => room.markUnread,
    key: { code: 'KeyU', shown: 'U' },
    // nobody has to read what they have said themselves
    isFor: (message, context) => !isOwn(message, context),
    run: (message, { markUnread }) => markUnread(message),
  },
  {
    name: 'copy-text',
    icon: Copy,
    label: ({ room }) => room.copyText,
    key: { code: 'KeyC', shown: 'C' },
    isFor: ({ text }) => text !== '' && clipboard() !== undefined,
    run: ({ text }, { messages }) => copy(text, messages.room.textCopied),
  },
  {
    name: 'copy-link',
    icon: Link2,
    label: ({ room }) => room.copyLink,
    key: { code: 'KeyL', shown: 'L' },
    isFor: () => clipboard() !== undefined,
    run: (message, { messages }) => copy(location.origin + linkTo(message), messages.room.linkCopied),
  },
  {
    name: 'delete',
    icon: Trash2,
    label: ({ room }) => room.delete,
    key: { code: 'Delete', shown: 'Del' },
    danger: true,
    isFor: (message, context) => context.deletesAll || isOwn(message, context),
    run: (message, { askToDelete }) => askToDelete(message),
  },
];

/** Those that one may do with a message; none with one that was deleted. */
export const actionsFor = (message: MessageCreated, context: ActionContext): readonly MessageAction[] =>
  message.deletedAt === undefined
    ? MESSAGE_ACTIONS.filter(({ isFor }) => isFor?.(message, context) ?? true)
    : [];

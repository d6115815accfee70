import type { MessageCreated, Room, RoomOverview } from '@veche/client';
import { type KeyboardEvent, type ReactNode, useCallback, useMemo, useState } from 'react';
import { problemText } from '../app/problem';
import { useMessages } from '../i18n/i18n';
import { ReactWith } from '../reactions/windows';
import { useMe } from '../session/session';
import { toast } from '../ui/toast';
import type { About } from './composer';
import { useLongPress } from './long-press';
import { type ActionContext, actionsFor } from './message-actions';
import { useMessageMenu } from './message-menu-state';
import { rightsIn } from './rights';
import { Sure } from './windows';

interface ActingOptions {
  room: Room;
  overview: RoomOverview;
  /** The message of a number, as far as it is in the list. */
  messageOf: (seq: number) => MessageCreated | undefined;
  /** The same function as long as it does the same. */
  markUnread: (seq: number) => Promise<void>;
  onCompose: (about: About) => void;
  /** Left out where the messages are in a thread. */
  onThread?: (seq: number) => void;
}

interface Acting {
  actions: ActionContext;
  onReact: (message: MessageCreated, emoji: string) => void;
  onMenu: ReturnType<typeof useMessageMenu>['open'];
  /** Does what a key says, of the message that has the focus. @returns whether there is anything to do */
  act: (event: KeyboardEvent) => boolean;
  /** What the list must hear of fingers. */
  longPress: ReturnType<typeof useLongPress>;
  /** The number of the message beside which something is being chosen: that has the mouse and the keyboard meanwhile. */
  chosenFor: number | undefined;
  /** What is open of menus and questions. */
  windows: ReactNode;
}

/**
 * What one does with the messages of a list, by their buttons, menus, keys and long presses. Its rows have `data-index`,
 * and those of what has a number `data-seq`.
 */
export const useActing = ({
  room,
  overview,
  messageOf,
  markUnread,
  onCompose,
  onThread,
}: ActingOptions): Acting => {
  const messages = useMessages();
  const me = useMe();
  const [deleting, setDeleting] = useState<number>();
  /** What one chooses a reaction to, and beside which button. */
  const [reacting, setReacting] = useState<{ seq: number; beside: HTMLElement }>();
  const { deleteMessages, pin: pins } = rightsIn(overview);
  const actions = useMemo<ActionContext>(() => {
    const refused = (error: unknown): void => toast(problemText(error, messages));
    return {
      me: me.id,
      messages,
      deletesAll: deleteMessages,
      pins,
      pin: ({ seq }, on) => void room.pin(seq, on).catch(refused),
      markUnread: ({ seq }) => void markUnread(seq).catch(refused),
      compose: onCompose,
      pickReaction: ({ seq }, beside) => setReacting({ seq, beside }),
      askToDelete: ({ seq }) => setDeleting(seq),
      openThread: onThread,
    };
  }, [me.id, messages, deleteMessages, pins, room, markUnread, onCompose, onThread]);
  const onReact = useCallback(
    ({ seq, reactions }: MessageCreated, emoji: string) => {
      const mine = reactions.some((one) => one.emoji === emoji && one.mine);
      room.react(seq, emoji, !mine).catch((error: unknown) => toast(problemText(error, messages)));
    },
    [room, messages],
  );
  const menu = useMessageMenu(actions, messageOf);
  const messageIn = (row: HTMLElement): MessageCreated | undefined =>
    row.dataset.seq === undefined ? undefined : messageOf(Number(row.dataset.seq));
  const act = ({ target, key, code, altKey, ctrlKey, metaKey, shiftKey }: KeyboardEvent): boolean => {
    const message = target instanceof HTMLElement ? messageIn(target) : undefined;
    if (!message || !(target instanceof HTMLElement) || altKey || ctrlKey || metaKey) return false;
    const mine = actionsFor(message, actions);
    const opensMenu = key === 'Enter' || key === 'ContextMenu' || (key === 'F10' && shiftKey);
    // by the place of the key: a Russian keyboard has another letter there
    const action = shiftKey ? undefined : mine.find((one) => one.key?.code === code);
    if (mine.length === 0 || !(opensMenu || action)) return false;
    const beside = target.querySelector<HTMLElement>('[role=group] button:last-of-type') ?? target;
    if (opensMenu) menu.open(message, target, beside);
    else action?.run(message, actions, beside);
    return true;
  };
  const longPress = useLongPress((target) => {
    const row = target.closest<HTMLElement>('[data-index]');
    const message = row && messageIn(row);
    if (message && actionsFor(message, actions).length > 0) menu.open(message, row, undefined);
  });
  const reactingTo = reacting && messageOf(reacting.seq);
  const windows = (
    <>
      {deleting !== undefined && (
        <Sure
          title={messages.room.deleteTitle}
          text={messages.room.deleteText}
          action={messages.room.delete}
          onSure={() => room.delete(deleting)}
          onClose={() => setDeleting(undefined)}
        />
      )}
      {menu.menu}
      {reactingTo && (
        <ReactWith
          beside={{ current: reacting.beside }}
          mine={reactingTo.reactions.filter(({ mine }) => mine).map(({ emoji }) => emoji)}
          onChoose={(emoji) => onReact(reactingTo, emoji)}
          onClose={() => setReacting(undefined)}
        />
      )}
    </>
  );
  const chosenFor = reacting?.seq ?? menu.seq;
  return { actions, onReact, onMenu: menu.open, act, longPress, chosenFor, windows };
};

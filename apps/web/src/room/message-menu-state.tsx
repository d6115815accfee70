import type { MessageCreated } from '@veche/client';
import { type ReactNode, useCallback, useEffect, useRef, useState } from 'react';
import { type ActionContext, actionsFor, type MessageAction } from './message-actions';
import { MessageMenu } from './windows';

interface Open {
  readonly seq: number;
  readonly row: HTMLElement;
  readonly beside: HTMLElement | undefined;
  /** What had the focus, and has it again afterwards. */
  readonly before: Element | null;
}

interface MessageMenuState {
  /** The number of the message whose menu is open. */
  seq: number | undefined;
  /** @param beside where it stands; undefined on a touch screen, where it comes up from the lower edge. */
  open: (message: MessageCreated, row: HTMLElement, beside: HTMLElement | undefined) => void;
  menu: ReactNode;
}

/**
 * The menu of a message. What is chosen is done when the menu is gone and the focus is where it was, so that a window
 * which that opens can give it back too.
 */
export const useMessageMenu = (
  context: ActionContext,
  messageOf: (seq: number) => MessageCreated | undefined,
): MessageMenuState => {
  const [open, setOpen] = useState<Open>();
  const chosen = useRef<() => void>(undefined);
  useEffect(() => {
    const action = chosen.current;
    if (open || !action) return;
    chosen.current = undefined;
    action();
  }, [open]);
  // as it is now: somebody may have changed or deleted it meanwhile
  const message = open && messageOf(open.seq);
  const choose = (action: MessageAction): void => {
    if (!open || !message) return;
    const { row, beside, before } = open;
    chosen.current = () => {
      if (before instanceof HTMLElement) before.focus({ preventScroll: true });
      action.run(message, context, beside ?? row);
    };
    setOpen(undefined);
  };
  return {
    seq: open?.seq,
    open: useCallback(
      ({ seq }, row, beside) => setOpen({ seq, row, beside, before: document.activeElement }),
      [],
    ),
    menu: open && message && actionsFor(message, context).length > 0 && (
      <MessageMenu
        message={message}
        context={context}
        beside={open.beside}
        onChoose={choose}
        onClose={() => setOpen(undefined)}
      />
    ),
  };
};

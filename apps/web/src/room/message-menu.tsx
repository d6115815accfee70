import type { MessageCreated } from '@veche/client';
import type { ReactNode } from 'react';
import { MenuItem } from '../ui/menu';
import { MenuBeside } from '../ui/menu-beside';
import { type ActionContext, actionsFor, type MessageAction } from './message-actions';

interface MessageMenuProps {
  message: MessageCreated;
  context: ActionContext;
  /** What it was opened from; undefined where it comes up from the edge of a touch screen. */
  beside: HTMLElement | undefined;
  onChoose: (action: MessageAction) => void;
  onClose: () => void;
}

/** Everything that one may do with a message. */
export const MessageMenu = ({ message, context, beside, onChoose, onClose }: MessageMenuProps): ReactNode => {
  const { messages } = context;
  return (
    <MenuBeside label={messages.room.messageActions} beside={beside} onClose={onClose}>
      {actionsFor(message, context).map((action) => (
        <MenuItem
          key={action.name}
          icon={<action.icon size={16} />}
          text={action.label(messages)}
          keys={beside && action.key?.shown}
          danger={action.danger ?? false}
          onAction={() => onChoose(action)}
        />
      ))}
    </MenuBeside>
  );
};

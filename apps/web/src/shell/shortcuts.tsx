import type { ReactNode } from 'react';
import { useMessages } from '../i18n/i18n';
import { MESSAGE_ACTIONS } from '../room/message-actions';
import { SEARCH_KEYS } from '../search/search-keys';
import { Dialog } from '../ui/dialog';
import { SWITCHER_KEYS } from './key-names';
import style from './shortcuts.module.css';

/** All of the keys. */
export const Shortcuts = ({ onClose }: { onClose: () => void }): ReactNode => {
  const messages = useMessages();
  const { shell, room } = messages;
  const { keys } = shell;
  // two rows of the table may share one key, of which one is offered at a time
  const onMessage = new Map(
    MESSAGE_ACTIONS.filter(({ key }) => key)
      .map(({ key, label }) => [key?.shown ?? '', label(messages)] as const)
      .toReversed(),
  );
  const groups: readonly (readonly [string, readonly (readonly [string, string])[]])[] = [
    [
      keys.everywhere,
      [
        [SWITCHER_KEYS, keys.switcher],
        [SEARCH_KEYS, keys.search],
        ['Alt ↑ ↓', keys.nextRoom],
        ['Alt Shift ↑ ↓', keys.nextUnread],
        ['Shift Esc', keys.allRead],
        ['Shift F10', keys.menu],
        ['?', keys.shortcuts],
      ],
    ],
    [keys.inRoom, [['Esc', keys.latest]]],
    [
      keys.writing,
      [
        ['Enter', keys.send],
        ['Shift Enter', keys.newLine],
        ['↑', keys.editLast],
        ['Esc', keys.cancel],
        ['Ctrl B', room.formats.bold],
        ['Ctrl I', room.formats.italic],
      ],
    ],
    [keys.onMessage, [...onMessage].toReversed()],
  ];
  return (
    <Dialog title={shell.shortcuts} onClose={onClose}>
      {groups.map(([title, all]) => (
        <section key={title} className={style.group}>
          <h3 className={style.title}>{title}</h3>
          <dl>
            {all.map(([key, text]) => (
              <div key={key} className={style.line}>
                <dt>{text}</dt>
                <dd>
                  <kbd>{key}</kbd>
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </Dialog>
  );
};

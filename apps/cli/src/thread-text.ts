import type { Thread } from '@veche/client';
import type { NameOf } from './entry-text';
import { printable, styled } from './terminal';

/** As much of what a thread hangs on as stands in a line. */
const QUOTED = 60;

/**
 * A thread in a line: where it is, what is unread in it, what it hangs on.
 * @param chat the name of its chat
 */
export const threadText = ({ threadSeq, root, unread }: Thread, chat: string, nameOf: NameOf): string => {
  const place = `${styled('bold', printable(chat))} ${styled('dim', String(threadSeq))}`;
  const replies = root.thread?.replies ?? 0;
  const said = root.deletedAt ? '(deleted)' : printable(root.text).replaceAll('\n', ' ').slice(0, QUOTED);
  const news = unread > 0 ? styled('bold', ` (${unread} unread)`) : '';
  return `${place}  ${nameOf(root.actorId)}: ${said} ${styled('dim', `[${replies} ${replies === 1 ? 'reply' : 'replies'}]`)}${news}`;
};

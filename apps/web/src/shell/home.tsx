import { MessagesSquare } from 'lucide-react';
import type { ReactNode } from 'react';
import { usePageTitle } from '../app/page-title';
import { useRooms } from '../chat/chat';
import { useMessages } from '../i18n/i18n';
import { Empty } from '../ui/notice';
import { FirstSteps } from './first-steps';
import { SWITCHER_KEYS } from './key-names';
import { useIsNarrow } from './narrow';

/** No room is chosen: the first steps for who has none, a hint for everybody else. */
export const Home = (): ReactNode => {
  const { shell } = useMessages();
  const rooms = useRooms();
  const isNarrow = useIsNarrow();
  usePageTitle('');
  // where it is narrow, the list is what one sees
  if (!rooms.loaded || isNarrow) return null;
  if (rooms.items.length === 0) return <FirstSteps />;
  return (
    <Empty icon={<MessagesSquare size={40} />} title={shell.pickTitle} text={shell.pickText(SWITCHER_KEYS)} />
  );
};

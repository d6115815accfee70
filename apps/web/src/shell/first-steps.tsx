import { useNavigate } from '@tanstack/react-router';
import { BellRing } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useMessages } from '../i18n/i18n';
import { NewRoom } from '../rooms/windows';
import { useMe } from '../session/session';
import { Button } from '../ui/button';
import { Empty } from '../ui/notice';

/** What to do first, for who is in no room. */
export const FirstSteps = (): ReactNode => {
  const { shell, rooms } = useMessages();
  const me = useMe();
  const navigate = useNavigate();
  const [making, setMaking] = useState(false);
  return (
    <>
      <Empty icon={<BellRing size={40} />} title={shell.firstTitle(me.displayName)} text={shell.firstText}>
        <Button look="primary" onPress={() => setMaking(true)}>
          {shell.createRoom}
        </Button>
        <Button onPress={() => void navigate({ to: '/browse' })}>{rooms.browseTitle}</Button>
      </Empty>
      {making && <NewRoom onClose={() => setMaking(false)} />}
    </>
  );
};

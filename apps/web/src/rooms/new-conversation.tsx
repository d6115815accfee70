import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useMutation } from '../app/queries';
import { useProblemText } from '../app/problem';
import { useMessages } from '../i18n/i18n';
import { PeopleSearch } from '../people/people-search';
import { api } from '../session/session';
import { Dialog } from '../ui/dialog';
import { Notice } from '../ui/notice';

/** Finds somebody to talk to alone; there is one such room for two people, however often it is asked for. */
export const NewConversation = ({ onClose }: { onClose: () => void }): ReactNode => {
  const { rooms } = useMessages();
  const navigate = useNavigate();
  const text = useProblemText();
  const opening = useMutation({
    mutationFn: (userId: string) => api.rooms.openDirect({ userId }),
    onSuccess: ({ id }) => {
      onClose();
      void navigate({ to: '/rooms/$roomId', params: { roomId: id } });
    },
  });
  return (
    <Dialog title={rooms.conversationTitle} onClose={onClose}>
      {opening.error && <Notice>{text(opening.error)}</Notice>}
      <PeopleSearch label={rooms.conversationTitle} onChoose={({ id }) => opening.mutate(id)} />
    </Dialog>
  );
};

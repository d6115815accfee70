import type { RoomOverview } from '@veche/client';
import type { ReactNode } from 'react';
import { useMutation } from '../app/queries';
import { useProblemText } from '../app/problem';
import { useRoom, useWatched } from '../chat/chat';
import { useMessages } from '../i18n/i18n';
import { PeopleSearch } from '../people/people-search';
import { api } from '../session/session';
import { Dialog } from '../ui/dialog';
import { Notice } from '../ui/notice';
import { toast } from '../ui/toast';

/** Brings people into a room, one after the other. */
export const Invite = ({ room, onClose }: { room: RoomOverview; onClose: () => void }): ReactNode => {
  const { rooms } = useMessages();
  const text = useProblemText();
  const members = useWatched(useRoom(room.id).members);
  const inviting = useMutation({
    mutationFn: ({ id }: { id: string; name: string }) => api.members.add(room.id, { userId: id }),
    onSuccess: (added, { name }) => toast('invited' in added ? rooms.asked(name) : rooms.invited(name)),
  });
  return (
    <Dialog title={rooms.inviteTitle(room.name ?? '')} onClose={onClose}>
      {inviting.error && <Notice>{text(inviting.error)}</Notice>}
      <PeopleSearch
        label={rooms.invite}
        taken={new Map(members.items.map(({ userId }) => [userId, rooms.isMember]))}
        onChoose={({ id, displayName }) => inviting.mutate({ id, name: displayName })}
      />
    </Dialog>
  );
};

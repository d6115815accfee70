import type { Invitation } from '@veche/client';
import { useNavigate } from '@tanstack/react-router';
import { Check, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useMutation } from '../app/queries';
import { useProblemText } from '../app/problem';
import { useMessages } from '../i18n/i18n';
import { straight } from '../i18n/isolated';
import { useNameOf } from '../people/people';
import { api } from '../session/session';
import { IconButton } from '../ui/button';
import { toast } from '../ui/toast';
import style from './invitations.module.css';

interface InvitationsProps {
  items: readonly Invitation[];
  onClose: () => void;
}

/** Rooms that one has left, and is asked back into. */
export const Invitations = ({ items }: InvitationsProps): ReactNode => {
  const { invitations } = useMessages();
  return (
    <section className={style.invitations} aria-label={invitations.title}>
      <h2 className={style.title}>
        {invitations.title}
        <span className={style.count}>{items.length}</span>
      </h2>
      <ul className={style.list}>
        {items.map((invitation) => (
          <Answer key={invitation.room.id} {...invitation} />
        ))}
      </ul>
    </section>
  );
};

const Answer = ({ room, invitedBy }: Invitation): ReactNode => {
  const { invitations } = useMessages();
  const text = useProblemText();
  const navigate = useNavigate();
  const inviter = useNameOf(invitedBy);
  const name = straight(room.name ?? '');
  const onError = (error: Error): void => toast(text(error));
  const accepting = useMutation({
    mutationFn: () => api.invitations.accept(room.id),
    onSuccess: () => navigate({ to: '/rooms/$roomId', params: { roomId: room.id } }),
    onError,
  });
  const declining = useMutation({ mutationFn: () => api.invitations.decline(room.id), onError });
  const isPending = accepting.isPending || declining.isPending;
  return (
    <li className={style.invitation}>
      <span className={style.what}>
        <span className={style.name} dir="auto">
          {name}
        </span>
        <span className={style.by}>{invitations.by(inviter)}</span>
      </span>
      <IconButton label={invitations.accept(name)} isDisabled={isPending} onPress={() => accepting.mutate()}>
        <Check size={18} />
      </IconButton>
      <IconButton label={invitations.decline(name)} isDisabled={isPending} onPress={() => declining.mutate()}>
        <X size={18} />
      </IconButton>
    </li>
  );
};

import { type MessageCreated, namesInMessage, type Profile, type RoomOverview } from '@veche/client';
import { UserPlus, X } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { useMutation } from '../app/queries';
import { useProblemText } from '../app/problem';
import { useMessages } from '../i18n/i18n';
import { straight } from '../i18n/isolated';
import { api, useMe } from '../session/session';
import { IconButton } from '../ui/button';
import { toast } from '../ui/toast';
import { rightsIn } from './rights';
import style from './composer.module.css';

/** Names in a message that mention nobody; the longest form of each. */
const unresolved = ({ text, mentions }: MessageCreated): string[] =>
  namesInMessage(text)
    .filter(
      ({ sign, names }) =>
        sign === '@' && !names.some(({ name }) => mentions.some((one) => (one.name ?? one.kind) === name)),
    )
    .flatMap(({ names }) => names.map(({ name }) => name))
    .filter((name) => name !== 'room' && name !== 'here');

/** Those whom a message of one's own names and does not reach, because they are not in the room. */
export const useNotMentioned = () => {
  const [people, setPeople] = useState<readonly Profile[]>([]);
  const me = useMe();
  const look = async (message: MessageCreated): Promise<void> => {
    const names = unresolved(message).slice(0, 100);
    if (names.length === 0 || me.role === 'guest') return setPeople([]);
    // only a courtesy: the message is sent
    const found = await api.users.byUsernames([...new Set(names)]).catch(() => ({ items: [] }));
    setPeople(found.items.filter(({ id }) => id !== me.id));
  };
  return { people, look, forget: () => setPeople([]) };
};

const namesOf = (people: readonly Profile[]): string =>
  people.map(({ displayName }) => straight(displayName)).join(', ');

interface NotMentionedProps {
  room: RoomOverview;
  people: readonly Profile[];
  onClose: () => void;
}

/** Says so, and offers to bring them in where one may. */
export const NotMentioned = ({ room, people, onClose }: NotMentionedProps): ReactNode => {
  const messages = useMessages();
  const text = useProblemText();
  const names = namesOf(people);
  const inviting = useMutation({
    mutationFn: () => Promise.all(people.map(({ id }) => api.members.add(room.id, { userId: id }))),
    onSuccess: (added) => {
      const named = (asked: boolean): string =>
        namesOf(people.filter((_, i) => 'invited' in (added[i] ?? {}) === asked));
      const [came, asked] = [named(false), named(true)];
      if (came) toast(messages.rooms.invited(came));
      if (asked) toast(messages.rooms.asked(asked));
      onClose();
    },
    onError: (error) => toast(text(error)),
  });
  return (
    <div className={style.about} role="status">
      <span dir="auto">{messages.room.notMentioned(names)}</span>
      {rightsIn(room).invite && (
        <Button
          className={style.offer ?? ''}
          isDisabled={inviting.isPending}
          onPress={() => inviting.mutate()}
        >
          <UserPlus size={14} aria-hidden />
          {messages.rooms.invite}
        </Button>
      )}
      <IconButton label={messages.close} onPress={onClose}>
        <X size={16} />
      </IconButton>
    </div>
  );
};

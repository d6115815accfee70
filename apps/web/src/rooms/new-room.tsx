import { type Profile, VecheError } from '@veche/client';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useForm } from 'react-hook-form';
import { checks } from '../app/checks';
import { useMessages } from '../i18n/i18n';
import { PeopleChoice } from '../people/people-choice';
import { api } from '../session/session';
import { Choice } from '../ui/choice';
import { Field } from '../ui/field';
import { FormDialog } from '../ui/form-dialog';

/** Those of the chosen whom the server does not know (any more). */
const missing = (chosen: readonly Profile[], error: unknown): readonly Profile[] => {
  if (!(error instanceof VecheError && error.code === 'user_not_found')) return [];
  return chosen.filter((_, i) => error.errors.some(({ field }) => field === `members.${i}`));
};

/** Makes a room with its first members, and leads there. */
export const NewRoom = ({ onClose }: { onClose: () => void }): ReactNode => {
  const messages = useMessages();
  const { rooms } = messages;
  const navigate = useNavigate();
  const check = checks(messages);
  const [kind, setKind] = useState<'public' | 'private'>('public');
  const [members, setMembers] = useState<Profile[]>([]);
  const form = useForm({ defaultValues: { name: '', topic: '' } });
  const create = async ({ name, topic }: { name: string; topic: string }): Promise<void> => {
    try {
      const room = await api.rooms.create({
        name: name.trim(),
        topic: topic.trim(),
        kind,
        members: members.map(({ username }) => username),
      });
      onClose();
      await navigate({ to: '/rooms/$roomId', params: { roomId: room.id } });
    } catch (error) {
      const gone = missing(members, error);
      if (gone.length === 0) throw error;
      setMembers(members.filter((person) => !gone.includes(person)));
      form.setError('root', { message: rooms.gone(gone.map(({ displayName }) => displayName).join(', ')) });
    }
  };
  return (
    <FormDialog title={rooms.newTitle} action={rooms.create} of={form} onSubmit={create} onClose={onClose}>
      <Field control={form.control} name="name" label={rooms.name} check={check.roomName} autoFocus />
      <Field
        control={form.control}
        name="topic"
        label={rooms.topic}
        description={rooms.topicHint}
        check={check.atMost(250)}
      />
      <Choice
        label={rooms.kind}
        value={kind}
        onChange={setKind}
        options={[
          { value: 'public', name: rooms.public, hint: rooms.publicHint },
          { value: 'private', name: rooms.private, hint: rooms.privateHint },
        ]}
      />
      <PeopleChoice label={rooms.firstMembers} chosen={members} onChange={setMembers} />
    </FormDialog>
  );
};

import type { RoomOverview } from '@veche/client';
import type { ReactNode } from 'react';
import { useForm } from 'react-hook-form';
import { checks } from '../app/checks';
import { useMessages } from '../i18n/i18n';
import { api } from '../session/session';
import { Field } from '../ui/field';
import { FormDialog } from '../ui/form-dialog';

/** Gives a room another name, or another topic. */
export const EditRoom = ({ room, onClose }: { room: RoomOverview; onClose: () => void }): ReactNode => {
  const messages = useMessages();
  const { rooms } = messages;
  const check = checks(messages);
  const form = useForm({ defaultValues: { name: room.name ?? '', topic: room.topic } });
  return (
    <FormDialog
      title={rooms.edit}
      action={messages.save}
      of={form}
      onSubmit={async ({ name, topic }) => {
        await api.rooms.update(room.id, { name: name.trim(), topic: topic.trim() });
        onClose();
      }}
      onClose={onClose}
    >
      <Field control={form.control} name="name" label={rooms.name} check={check.roomName} autoFocus />
      <Field control={form.control} name="topic" label={rooms.topic} check={check.atMost(250)} />
    </FormDialog>
  );
};

import type { Role } from '@veche/client';
import { type ReactNode, useState } from 'react';
import { useForm } from 'react-hook-form';
import { useMessages } from '../i18n/i18n';
import { useAccountFields } from '../people/account-fields';
import { api } from '../session/session';
import { Field } from '../ui/field';
import { FormDialog } from '../ui/form-dialog';
import { toast } from '../ui/toast';
import { RoleChoice } from './role-choice';
import { useChanged } from './users-query';

/** Makes an account for somebody else, also where nobody may register. */
export const NewUser = ({ onClose }: { onClose: () => void }): ReactNode => {
  const { admin } = useMessages();
  const field = useAccountFields();
  const changed = useChanged();
  const [role, setRole] = useState<Role>('user');
  const form = useForm({ defaultValues: { username: '', email: '', displayName: '', password: '' } });
  const { control } = form;
  return (
    <FormDialog
      title={admin.newUser}
      action={admin.createUser}
      of={form}
      onSubmit={async ({ displayName, ...values }) => {
        const named = displayName.trim() ? { displayName: displayName.trim() } : {};
        const account = await api.admin.createUser({ ...values, ...named, role });
        changed();
        toast(admin.created(account.displayName));
        onClose();
      }}
      onClose={onClose}
    >
      <Field {...field.username} control={control} autoComplete="off" autoFocus />
      <Field {...field.email} control={control} autoComplete="off" />
      <Field {...field.newDisplayName} control={control} autoComplete="off" />
      <Field {...field.newPassword} control={control} description={admin.newUserText} />
      <RoleChoice value={role} onChange={setRole} />
    </FormDialog>
  );
};

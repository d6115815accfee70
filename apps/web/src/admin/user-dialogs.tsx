import type { Account, AccountChange } from '@veche/client';
import { type ReactNode, useState } from 'react';
import { type FieldValues, useForm, type UseFormReturn } from 'react-hook-form';
import { useMessages } from '../i18n/i18n';
import { useAccountFields } from '../people/account-fields';
import { api } from '../session/session';
import { Field } from '../ui/field';
import { FormDialog } from '../ui/form-dialog';
import { toast } from '../ui/toast';
import { RoleChoice } from './role-choice';
import { useChanged } from './users-query';

interface AboutAccount {
  account: Account;
  onClose: () => void;
}

interface ChangeProps<Values extends FieldValues> extends AboutAccount {
  title: string;
  of: UseFormReturn<Values>;
  wish: (values: Values) => AccountChange;
  /** What to say when it is done. */
  said: string;
  children: ReactNode;
}

/** A form that changes something of an account. */
const Change = <Values extends FieldValues>({
  account,
  wish,
  said,
  ...props
}: ChangeProps<Values>): ReactNode => {
  const { save } = useMessages();
  const changed = useChanged();
  return (
    <FormDialog
      {...props}
      action={save}
      onSubmit={async (values) => {
        changed(await api.admin.updateUser(account.id, wish(values)));
        toast(said);
        props.onClose();
      }}
    />
  );
};

export const EditUser = (props: AboutAccount): ReactNode => {
  const { displayName, username, email } = props.account;
  const { admin, saved } = useMessages();
  const field = useAccountFields();
  const of = useForm({ defaultValues: { displayName, username, email } });
  return (
    <Change {...props} title={admin.edit} of={of} wish={(values) => values} said={saved}>
      <Field {...field.displayName} control={of.control} autoComplete="off" autoFocus />
      <Field {...field.username} control={of.control} autoComplete="off" />
      <Field {...field.email} control={of.control} autoComplete="off" />
    </Change>
  );
};

export const SetRole = (props: AboutAccount): ReactNode => {
  const { admin, saved } = useMessages();
  const [role, setRole] = useState(props.account.role);
  return (
    <Change
      {...props}
      title={admin.roleOf(props.account.displayName)}
      of={useForm()}
      wish={() => ({ role })}
      said={saved}
    >
      <RoleChoice value={role} onChange={setRole} />
    </Change>
  );
};

export const SetPassword = (props: AboutAccount): ReactNode => {
  const { admin, settings } = useMessages();
  const field = useAccountFields();
  const { displayName: name } = props.account;
  const of = useForm({ defaultValues: { password: '' } });
  return (
    <Change
      {...props}
      title={admin.passwordFor(name)}
      of={of}
      wish={(values) => values}
      said={admin.passwordSet(name)}
    >
      <Field
        {...field.newPassword}
        control={of.control}
        label={settings.newPassword}
        description={admin.passwordText}
        autoFocus
      />
    </Change>
  );
};

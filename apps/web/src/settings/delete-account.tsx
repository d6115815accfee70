import { type ReactNode, useState } from 'react';
import { useForm } from 'react-hook-form';
import { useMessages } from '../i18n/i18n';
import { useAccountFields } from '../people/account-fields';
import { forgetDrafts } from '../room/drafts';
import { forgetSearches } from '../search/recent';
import { session, useMe } from '../session/session';
import { Button } from '../ui/button';
import { Field } from '../ui/field';
import { FormDialog } from '../ui/form-dialog';
import style from './settings.module.css';

/** The way out, at the end of the profile. */
export const DeleteAccount = (): ReactNode => {
  const { settings } = useMessages();
  const [asking, setAsking] = useState(false);
  return (
    <section className={`${style.group} ${style.danger}`}>
      <h3 className={style.legend}>{settings.deleteAccount}</h3>
      <p className={style.soft}>{settings.deleteAccountText}</p>
      <div>
        <Button look="danger" onPress={() => setAsking(true)}>
          {settings.deleteAccount}
        </Button>
      </div>
      {asking && <Sure onClose={() => setAsking(false)} />}
    </section>
  );
};

const Sure = ({ onClose }: { onClose: () => void }): ReactNode => {
  const { settings } = useMessages();
  const me = useMe();
  const field = useAccountFields();
  const form = useForm({ defaultValues: { password: '' } });
  return (
    <FormDialog
      title={settings.deleteAccountTitle}
      action={settings.deleteForGood}
      danger
      of={form}
      onSubmit={async ({ password }) => {
        await session.deleteAccount(password);
        forgetDrafts(me.id);
        forgetSearches(me.id);
      }}
      onClose={onClose}
    >
      <p>{settings.deleteAccountText}</p>
      <Field {...field.password} control={form.control} autoFocus />
    </FormDialog>
  );
};

import type { ReactNode } from 'react';
import { useForm } from 'react-hook-form';
import { checks } from '../app/checks';
import { usePageTitle } from '../app/page-title';
import { useMessages } from '../i18n/i18n';
import { straight } from '../i18n/isolated';
import { useAccountFields } from '../people/account-fields';
import { api, session, useMe } from '../session/session';
import { Avatar } from '../ui/avatar';
import { Button } from '../ui/button';
import { Field } from '../ui/field';
import { Form } from '../ui/form';
import { toast } from '../ui/toast';
import { DeleteAccount } from './delete-account';
import { Section } from './settings';
import style from './settings.module.css';

export const Profile = (): ReactNode => {
  const messages = useMessages();
  const me = useMe();
  const field = useAccountFields();
  const { settings, welcome } = messages;
  const form = useForm({
    defaultValues: { displayName: me.displayName, username: me.username, bio: me.bio },
  });
  const { control, reset, formState } = form;
  usePageTitle(settings.profile);
  return (
    <Section title={settings.profile} text={settings.profileText}>
      <div className={style.row}>
        <Avatar id={me.id} name={me.displayName} size="large" />
        <div className={style.who}>
          <strong dir="auto">{straight(me.displayName)}</strong>
          <span className={style.soft}>{me.email}</span>
        </div>
      </div>
      <Form
        of={form}
        onSubmit={async (values) => {
          const user = await api.users.updateMe(values);
          session.changeUser(user);
          reset({ displayName: user.displayName, username: user.username, bio: user.bio });
          toast(messages.saved);
        }}
      >
        <Field {...field.displayName} control={control} autoComplete="name" />
        <Field
          {...field.username}
          control={control}
          description={welcome.usernameHint}
          autoComplete="username"
        />
        <Field
          control={control}
          name="bio"
          label={settings.bio}
          check={checks(messages).atMost(500)}
          multiline
        />
        <div>
          <Button
            look="primary"
            type="submit"
            isPending={formState.isSubmitting}
            isDisabled={!formState.isDirty}
          >
            {messages.save}
          </Button>
        </div>
      </Form>
      <DeleteAccount />
    </Section>
  );
};

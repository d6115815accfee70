import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useForm } from 'react-hook-form';
import { usePageTitle } from '../app/page-title';
import { useMessages } from '../i18n/i18n';
import { useAccountFields } from '../people/account-fields';
import { session } from '../session/session';
import { Button } from '../ui/button';
import { Field } from '../ui/field';
import { Form } from '../ui/form';
import { Welcome } from './welcome';

export const Register = (): ReactNode => {
  const { welcome } = useMessages();
  const field = useAccountFields();
  const form = useForm({
    defaultValues: { username: '', displayName: '', email: '', password: '' },
    mode: 'onTouched',
  });
  const { control, formState } = form;
  usePageTitle(welcome.register);
  return (
    <Welcome
      title={welcome.registerTitle}
      other={
        <>
          {welcome.knownHere}{' '}
          <Link to="/login" search>
            {welcome.logIn}
          </Link>
        </>
      }
    >
      <Form
        of={form}
        onSubmit={({ displayName, ...account }) =>
          session.register({ ...account, displayName: displayName.trim() || undefined })
        }
      >
        <Field
          {...field.username}
          control={control}
          description={welcome.usernameHint}
          autoComplete="username"
          autoFocus
        />
        <Field {...field.newDisplayName} control={control} autoComplete="name" />
        <Field {...field.email} control={control} autoComplete="email" />
        <Field {...field.newPassword} control={control} description={welcome.passwordHint} />
        <Button look="primary" type="submit" wide isPending={formState.isSubmitting}>
          {welcome.register}
        </Button>
      </Form>
    </Welcome>
  );
};

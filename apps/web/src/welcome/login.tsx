import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useForm } from 'react-hook-form';
import { usePageTitle } from '../app/page-title';
import { useMessages } from '../i18n/i18n';
import { useAccountFields } from '../people/account-fields';
import { session, useSession } from '../session/session';
import { Button } from '../ui/button';
import { Field } from '../ui/field';
import { Form } from '../ui/form';
import { Notice } from '../ui/notice';
import { Welcome } from './welcome';

export const Login = (): ReactNode => {
  const { welcome } = useMessages();
  const state = useSession();
  const { password } = useAccountFields();
  const form = useForm({ defaultValues: { login: '', password: '' } });
  const { control, formState } = form;
  usePageTitle(welcome.logIn);
  const ended = state.status === 'out' && state.ended;
  const reasons: Partial<Record<string, string>> = welcome.ended;
  return (
    <Welcome
      title={welcome.logInTitle}
      other={
        <>
          {welcome.newHere}{' '}
          <Link to="/register" search>
            {welcome.register}
          </Link>
        </>
      }
    >
      {ended && <Notice kind="info">{reasons[ended] ?? welcome.ended.ended}</Notice>}
      <Form of={form} onSubmit={(values) => session.logIn(values)}>
        <Field
          control={control}
          name="login"
          label={welcome.login}
          check={password.check}
          autoComplete="username"
          autoFocus
        />
        <Field {...password} control={control} />
        <Button look="primary" type="submit" wide isPending={formState.isSubmitting}>
          {welcome.logIn}
        </Button>
      </Form>
    </Welcome>
  );
};

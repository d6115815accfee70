import type { ReactNode } from 'react';
import { useForm } from 'react-hook-form';
import { usePageTitle } from '../app/page-title';
import { useMessages } from '../i18n/i18n';
import { useAccountFields } from '../people/account-fields';
import { session } from '../session/session';
import { Button } from '../ui/button';
import { Field } from '../ui/field';
import { Form } from '../ui/form';
import { toast } from '../ui/toast';
import { Section } from './settings';

export const Password = (): ReactNode => {
  const { settings, welcome } = useMessages();
  const field = useAccountFields();
  const form = useForm({ defaultValues: { currentPassword: '', newPassword: '' } });
  const { control, reset, formState } = form;
  usePageTitle(settings.password);
  return (
    <Section title={settings.password} text={settings.passwordText}>
      <Form
        of={form}
        onSubmit={async (values) => {
          await session.changePassword(values);
          reset();
          toast(settings.passwordChanged);
        }}
      >
        <Field
          {...field.password}
          control={control}
          name="currentPassword"
          label={settings.currentPassword}
        />
        <Field
          {...field.newPassword}
          control={control}
          name="newPassword"
          label={settings.newPassword}
          description={welcome.passwordHint}
        />
        <div>
          <Button look="primary" type="submit" isPending={formState.isSubmitting}>
            {settings.changePassword}
          </Button>
        </div>
      </Form>
    </Section>
  );
};

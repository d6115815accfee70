import type { NewApiKey } from '@veche/client';
import { type ReactNode, useState } from 'react';
import { useForm } from 'react-hook-form';
import { checks } from '../app/checks';
import { useMessages } from '../i18n/i18n';
import { api } from '../session/session';
import { Choice, Choices } from '../ui/choice';
import { Field } from '../ui/field';
import { FormDialog } from '../ui/form-dialog';
import { apiKeysChanged } from './api-keys-query';
import { Secret } from './secret';

const SCOPES = [
  'users.provision',
  'users.provision.moderators',
  'users.provision.admins',
  'users.read',
] as const;
const EXPIRIES = ['never', 'month', 'quarter', 'year'] as const;
const DAYS = { month: 30, quarter: 90, year: 365 };
const DAY_MS = 86_400_000;

const endOf = (expiry: keyof typeof DAYS): string =>
  new Date(Date.now() + DAYS[expiry] * DAY_MS).toISOString();

/** Makes a key that does what it is for, and no more. */
export const CreateApiKey = ({ onClose }: { onClose: () => void }): ReactNode => {
  const messages = useMessages();
  const { apiKeys } = messages;
  const [expiry, setExpiry] = useState<(typeof EXPIRIES)[number]>('never');
  const [made, setMade] = useState<NewApiKey>();
  const form = useForm({ defaultValues: { name: '', scopes: [] as string[] } });
  const { control } = form;
  return (
    <FormDialog
      title={made ? apiKeys.secretOf(made.name) : apiKeys.create}
      action={apiKeys.createAction}
      of={form}
      onSubmit={async (values) => {
        const ends = expiry === 'never' ? {} : { expiresAt: endOf(expiry) };
        setMade(await api.admin.apiKeys.create({ ...values, ...ends }));
        apiKeysChanged();
      }}
      result={made && <Secret of={made} onClose={onClose} />}
      onClose={onClose}
    >
      <Field
        name="name"
        label={apiKeys.name}
        description={apiKeys.nameHint}
        check={checks(messages).keyName}
        control={control}
        autoComplete="off"
        autoFocus
      />
      <Choices
        name="scopes"
        label={apiKeys.scopes}
        required={apiKeys.noScope}
        control={control}
        options={SCOPES.map((value) => ({
          value,
          name: apiKeys.scopeNames[value],
          hint: apiKeys.scopeHints[value],
        }))}
      />
      <Choice
        label={apiKeys.expiry}
        value={expiry}
        onChange={setExpiry}
        options={EXPIRIES.map((value) => ({ value, name: apiKeys.expiries[value] }))}
      />
    </FormDialog>
  );
};

import type { ApiKey, NewApiKey } from '@veche/client';
import { type ReactNode, useState } from 'react';
import { useForm } from 'react-hook-form';
import { useMessages } from '../i18n/i18n';
import { api } from '../session/session';
import { Choice } from '../ui/choice';
import { FormDialog } from '../ui/form-dialog';
import { apiKeysChanged } from './api-keys-query';
import { Secret } from './secret';

const OVERLAPS = ['none', 'hour', 'day', 'week', 'month'] as const;
const SECONDS = { none: 0, hour: 3_600, day: 86_400, week: 7 * 86_400, month: 30 * 86_400 };

interface RotateApiKeyProps {
  of: ApiKey;
  onClose: () => void;
}

/** Gives a key a new secret, beside which the one before works for as long as one likes. */
export const RotateApiKey = ({ of, onClose }: RotateApiKeyProps): ReactNode => {
  const { apiKeys } = useMessages();
  const [overlap, setOverlap] = useState<(typeof OVERLAPS)[number]>('day');
  const [rotated, setRotated] = useState<NewApiKey>();
  const form = useForm();
  return (
    <FormDialog
      title={rotated ? apiKeys.secretOf(of.name) : apiKeys.rotateTitle(of.name)}
      action={apiKeys.rotateAction}
      of={form}
      onSubmit={async () => {
        setRotated(await api.admin.apiKeys.rotate(of.id, SECONDS[overlap]));
        apiKeysChanged();
      }}
      result={rotated && <Secret of={rotated} isRotated onClose={onClose} />}
      onClose={onClose}
    >
      <Choice
        label={apiKeys.overlap}
        value={overlap}
        onChange={setOverlap}
        options={OVERLAPS.map((value) => ({ value, name: apiKeys.overlaps[value] }))}
      />
      <p>{apiKeys.overlapHint}</p>
    </FormDialog>
  );
};

import type { ApiKey } from '@veche/client';
import { EllipsisVertical, RefreshCw, Trash2 } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useMessages } from '../i18n/i18n';
import { api } from '../session/session';
import { IconButton } from '../ui/button';
import { Menu, MenuItem } from '../ui/menu';
import { Sure } from '../ui/sure';
import { toast } from '../ui/toast';
import { apiKeysChanged } from './api-keys-query';
import { RotateApiKey } from './rotate-api-key';

interface ApiKeyMenuProps {
  of: ApiKey;
  /** Whether it has not expired: a secret would be of no use then. */
  mayRotate: boolean;
}

/** What can be done with a key. */
export const ApiKeyMenu = ({ of, mayRotate }: ApiKeyMenuProps): ReactNode => {
  const { apiKeys } = useMessages();
  const [open, setOpen] = useState<'rotate' | 'revoke'>();
  const close = (): void => setOpen(undefined);
  const label = apiKeys.actionsFor(of.name);
  return (
    <>
      <Menu
        label={label}
        trigger={
          <IconButton label={label}>
            <EllipsisVertical size={19} />
          </IconButton>
        }
      >
        {mayRotate && (
          <MenuItem icon={<RefreshCw size={16} />} text={apiKeys.rotate} onAction={() => setOpen('rotate')} />
        )}
        <MenuItem
          icon={<Trash2 size={16} />}
          text={apiKeys.revoke}
          danger
          onAction={() => setOpen('revoke')}
        />
      </Menu>
      {open === 'rotate' && <RotateApiKey of={of} onClose={close} />}
      {open === 'revoke' && (
        <Sure
          title={apiKeys.revokeTitle(of.name)}
          text={apiKeys.revokeText}
          action={apiKeys.revoke}
          onSure={() => api.admin.apiKeys.revoke(of.id)}
          onDone={() => {
            apiKeysChanged();
            toast(apiKeys.revoked(of.name));
          }}
          onClose={close}
        />
      )}
    </>
  );
};

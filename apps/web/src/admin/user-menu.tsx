import type { Account } from '@veche/client';
import { Ban, CircleCheck, EllipsisVertical, KeyRound, Pencil, Shield, Trash2 } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useMutation } from '../app/queries';
import { useProblemText } from '../app/problem';
import { useMessages } from '../i18n/i18n';
import { api, useMe } from '../session/session';
import { IconButton } from '../ui/button';
import { Menu, MenuItem, MenuSeparator } from '../ui/menu';
import { Sure } from '../ui/sure';
import { toast } from '../ui/toast';
import { EditUser, SetPassword, SetRole } from './user-dialogs';
import { useChanged } from './users-query';

/** What can be done with an account. Nobody locks themselves out: for oneself there are the settings. */
export const UserMenu = ({ account }: { account: Account }): ReactNode => {
  const { admin, rooms } = useMessages();
  const me = useMe();
  const text = useProblemText();
  const changed = useChanged();
  const [open, setOpen] = useState<'edit' | 'role' | 'password' | 'disable' | 'delete'>();
  const close = (): void => setOpen(undefined);
  const { id, displayName: name } = account;
  const enabling = useMutation({
    mutationFn: () => api.admin.updateUser(id, { disabled: false }),
    onSuccess: () => toast(admin.wasEnabled(name)),
    onError: (error) => toast(text(error)),
    onSettled: () => changed(),
  });
  const done = (said: string) => (): void => {
    changed();
    toast(said);
  };
  const label = rooms.actionsFor(name);
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
        <MenuItem icon={<Pencil size={16} />} text={admin.edit} onAction={() => setOpen('edit')} />
        <MenuItem icon={<Shield size={16} />} text={admin.changeRole} onAction={() => setOpen('role')} />
        {id !== me.id && (
          <>
            <MenuItem
              icon={<KeyRound size={16} />}
              text={admin.setPassword}
              onAction={() => setOpen('password')}
            />
            <MenuSeparator />
            {account.disabled ? (
              <MenuItem
                icon={<CircleCheck size={16} />}
                text={admin.enable}
                onAction={() => enabling.mutate()}
              />
            ) : (
              <MenuItem
                icon={<Ban size={16} />}
                text={admin.disable}
                danger
                onAction={() => setOpen('disable')}
              />
            )}
            <MenuItem
              icon={<Trash2 size={16} />}
              text={admin.delete}
              danger
              onAction={() => setOpen('delete')}
            />
          </>
        )}
      </Menu>
      {open === 'edit' && <EditUser account={account} onClose={close} />}
      {open === 'role' && <SetRole account={account} onClose={close} />}
      {open === 'password' && <SetPassword account={account} onClose={close} />}
      {open === 'disable' && (
        <Sure
          title={admin.disableTitle(name)}
          text={admin.disableText}
          action={admin.disable}
          onSure={() => api.admin.updateUser(id, { disabled: true })}
          onDone={done(admin.wasDisabled(name))}
          onClose={close}
        />
      )}
      {open === 'delete' && (
        <Sure
          title={admin.deleteTitle(name)}
          text={admin.deleteText}
          action={admin.delete}
          onSure={() => api.admin.deleteUser(id)}
          onDone={done(admin.wasDeleted(name))}
          onClose={close}
        />
      )}
    </>
  );
};

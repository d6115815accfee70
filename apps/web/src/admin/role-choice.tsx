import type { Role } from '@veche/client';
import type { ReactNode } from 'react';
import { useMessages } from '../i18n/i18n';
import { Choice } from '../ui/choice';

const ROLES = ['guest', 'user', 'moderator', 'admin'] as const;

/** What an account may do, each role with what it is for. */
export const RoleChoice = ({
  value,
  onChange,
}: {
  value: Role;
  onChange: (role: Role) => void;
}): ReactNode => {
  const { admin } = useMessages();
  return (
    <Choice
      label={admin.role}
      value={value}
      onChange={onChange}
      options={ROLES.map((role) => ({ value: role, name: admin.roles[role], hint: admin.roleHints[role] }))}
    />
  );
};

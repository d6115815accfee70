import { Navigate } from '@tanstack/react-router';
import { Hash, KeyRound, Users } from 'lucide-react';
import type { ReactNode } from 'react';
import { useMessages } from '../i18n/i18n';
import { useMe } from '../session/session';
import { Sections } from '../shell/sections';

/** For those who manage the server. */
export const Administration = (): ReactNode => {
  const { admin, apiKeys } = useMessages();
  const { role } = useMe();
  // who has just given the role away
  if (role !== 'admin') return <Navigate to="/" replace />;
  const sections = [
    { to: '/admin/users', name: admin.users, icon: <Users size={18} /> },
    { to: '/admin/rooms', name: admin.rooms, icon: <Hash size={18} /> },
    { to: '/admin/api-keys', name: apiKeys.title, icon: <KeyRound size={18} /> },
  ] as const;
  return <Sections title={admin.title} sections={sections} />;
};

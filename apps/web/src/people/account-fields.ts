import { checks } from '../app/checks';
import { useMessages } from '../i18n/i18n';

/** The fields of every form about an account: what each is called, and what may stand in it. */
export const useAccountFields = () => {
  const messages = useMessages();
  const { welcome } = messages;
  const check = checks(messages);
  const displayName = { name: 'displayName', label: welcome.displayName } as const;
  const password = { name: 'password', type: 'password', label: welcome.password } as const;
  return {
    username: { name: 'username', label: welcome.username, check: check.username },
    email: { name: 'email', type: 'email', label: welcome.email, check: check.email },
    displayName: { ...displayName, check: check.displayName },
    /** Who leaves it out is shown by their username. */
    newDisplayName: { ...displayName, description: welcome.displayNameHint, check: check.newDisplayName },
    password: { ...password, check: check.required, autoComplete: 'current-password' },
    newPassword: { ...password, check: check.password, autoComplete: 'new-password' },
  } as const;
};

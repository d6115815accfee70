import { isDisplayName, isRoomName } from '@veche/client';
import type { Messages } from '../i18n/en';

type Check = (value: string) => string | undefined;

/** The server's limits (docs/api.md), told while one types: the server decides. */
export const checks = ({ form }: Messages) => ({
  required: ((value) => (value ? undefined : form.required)) satisfies Check,
  username: ((value) =>
    /^[a-z][a-z0-9_.-]{2,31}$/i.test(value) ? undefined : form.username) satisfies Check,
  email: ((value) => (/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value) ? undefined : form.email)) satisfies Check,
  password: ((value) => (between(8, 128, value) ? undefined : form.password)) satisfies Check,
  roomName: ((value) => (isRoomName(value) ? undefined : form.roomName)) satisfies Check,
  displayName: ((value) =>
    !value.trim() ? form.required : isDisplayName(value) ? undefined : form.displayName) satisfies Check,
  /** Who leaves it out is shown by their username. */
  newDisplayName: ((value) =>
    !value.trim() || isDisplayName(value) ? undefined : form.displayName) satisfies Check,
  keyName: ((value) => (value.trim() ? atMost(64, form)(value) : form.required)) satisfies Check,
  atMost: (max: number): Check => atMost(max, form),
});

const atMost =
  (max: number, form: Messages['form']): Check =>
  (value) =>
    between(0, max, value) ? undefined : form.tooLong(max);

const between = (min: number, max: number, value: string): boolean => {
  const { length } = [...value];
  return min <= length && length <= max;
};

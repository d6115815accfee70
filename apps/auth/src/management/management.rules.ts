/** What decides whether somebody may administer. */
export interface Powers {
  readonly role: string;
  readonly disabled: boolean;
}

const mayAdminister = ({ role, disabled }: Powers): boolean => role === 'admin' && !disabled;

/**
 * Whether a change would leave nobody who may administer, and so nobody who could take it back.
 * @param otherAdmins how many others may
 * @param becomes undefined: the account goes
 */
export const locksOut = (otherAdmins: number, is: Powers, becomes: Powers | undefined): boolean =>
  otherAdmins === 0 && mayAdminister(is) && !(becomes && mayAdminister(becomes));

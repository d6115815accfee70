/** What decides whether somebody may administer. */
export interface Powers {
  readonly role: string;
  readonly disabled: boolean;
}

const mayAdminister = ({ role, disabled }: Powers): boolean => role === 'admin' && !disabled;

/**
 * Whether a change takes away somebody who may administer: it must not be the last one, or nobody could take it back.
 * @param becomes undefined: the account goes
 */
export const takesAnAdmin = (is: Powers, becomes: Powers | undefined): boolean =>
  mayAdminister(is) && !(becomes && mayAdminister(becomes));

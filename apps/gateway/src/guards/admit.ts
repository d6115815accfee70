import { type AccessRule, decide, type Principal } from '@veche/access';
import { AppError } from '@veche/errors';

/**
 * Lets a caller pass a handler's declaration, or throws. REST and Socket.IO alike: the service decides again,
 * so this only refuses early.
 * @throws AppError `unauthenticated` or `forbidden`; Error where the handler declares nothing
 */
export const admit = (access: AccessRule | undefined, principal: Principal): void => {
  if (access === undefined) throw new Error('a handler declares no @Access');
  const verdict = decide(access, { principal, fromService: false });
  if (verdict !== 'allowed') throw new AppError(verdict);
};

import { AppError } from '@veche/errors';
import { isCommonPassword } from './common-passwords';
import { weaknessOf } from './password.rules';

/** @throws AppError `weak_password`, with the field, for what would be among the first that somebody tries */
export const assertStrong = (field: string, password: string, names: readonly string[]): void => {
  const weakness = weaknessOf(password, names, isCommonPassword);
  if (weakness !== undefined)
    throw new AppError('weak_password', { errors: [{ field, message: `${field} ${weakness}` }] });
};

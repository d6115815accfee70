import { AppError, invalidInput } from '@veche/errors';
import { type ClassConstructor, plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';

/** More than any request of ours has; a value from JSON may nest until a recursion over it overflows the stack. */
const MAX_DEPTH = 8;

const isDeeper = (value: unknown, than: number): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (than === 0 || Object.values(value).some((one) => isDeeper(one, than - 1)));

/**
 * A plain value as an instance of its DTO.
 * @throws AppError `invalid_input` with what is wrong field by field; unknown fields are wrong.
 */
export const validated = <T extends object>(type: ClassConstructor<T>, value: unknown): T => {
  if (isDeeper(value, MAX_DEPTH)) throw new AppError('invalid_input', { detail: 'It is nested too deeply' });
  const instance = plainToInstance(type, value ?? {});
  const errors = validateSync(instance, {
    whitelist: true,
    forbidNonWhitelisted: true,
    // a request without fields is a class without rules, and that is no error
    forbidUnknownValues: false,
    stopAtFirstError: true,
  });
  if (errors.length > 0) throw invalidInput(errors);
  return instance;
};

import { invalidInput } from '@veche/errors';
import { type ClassConstructor, plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';

/**
 * A plain value as an instance of its DTO.
 * @throws AppError `invalid_input` with what is wrong field by field; unknown fields are wrong.
 */
export const validated = <T extends object>(type: ClassConstructor<T>, value: unknown): T => {
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

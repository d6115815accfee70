import { ValidationError } from 'class-validator';
import type { FieldError } from '@veche/protocol';
import { AppError } from './app-error';

const flatten = (errors: readonly ValidationError[], path: string): FieldError[] =>
  errors.flatMap((error) => {
    const field = path ? `${path}.${error.property}` : error.property;
    const own = Object.values(error.constraints ?? {}).map((message) => ({ field, message }));
    return [...own, ...flatten(error.children ?? [], field)];
  });

/** class-validator's findings as the one error that all doors answer with. */
export const invalidInput = (errors: readonly ValidationError[]): AppError =>
  new AppError('invalid_input', { errors: flatten(errors, '') });

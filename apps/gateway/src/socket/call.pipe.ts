import type { ArgumentMetadata, PipeTransform } from '@nestjs/common';
import { AppError } from '@veche/errors';
import { validated } from '@veche/rpc';

const isPlainObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;

/** A payload becomes its DTO. What is no object is refused before anything looks into it. */
export class CallPipe implements PipeTransform {
  transform(value: unknown, { type, metatype }: ArgumentMetadata): unknown {
    if (type !== 'body' || !metatype) return value;
    if (!isPlainObject(value))
      throw new AppError('invalid_input', { detail: 'The call takes one object and an acknowledgement' });
    return validated(metatype as new () => object, value);
  }
}

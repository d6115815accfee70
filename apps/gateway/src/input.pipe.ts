import type { ArgumentMetadata, PipeTransform } from '@nestjs/common';
import { AppError } from '@veche/errors';
import { validated } from '@veche/dto';

const PLAIN = new Set<unknown>([Object, Array, String, Number, Boolean]);

/** What JSON calls an object; a list, or the bytes that a socket can bring, are none. */
const isPlainObject = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;

/**
 * A body, or the payload of a socket's call, as its DTO, by the same validation that the services do. What is no
 * object is refused before anything looks into it.
 * @throws AppError `invalid_input`
 */
export const input = <T extends object>(type: new () => T, value: unknown): T => {
  if (value !== undefined && !isPlainObject(value))
    throw new AppError('invalid_input', { detail: 'The input must be an object' });
  return validated(type, value);
};

/** Body, query and path of a request become their DTOs. */
export class InputPipe implements PipeTransform {
  transform(value: unknown, { type, metatype }: ArgumentMetadata): unknown {
    if (type === 'custom' || metatype === undefined || PLAIN.has(metatype)) return value;
    const dto = metatype as new () => object;
    return type === 'body' ? input(dto, value) : validated(dto, value);
  }
}

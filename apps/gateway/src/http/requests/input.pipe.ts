import type { ArgumentMetadata, PipeTransform } from '@nestjs/common';
import { validated } from '@veche/rpc';

const PLAIN = new Set<unknown>([Object, Array, String, Number, Boolean]);

/** Body, query and path become their DTO by the same validation that the services do. */
export class InputPipe implements PipeTransform {
  transform(value: unknown, { type, metatype }: ArgumentMetadata): unknown {
    if (type === 'custom' || metatype === undefined || PLAIN.has(metatype)) return value;
    return validated(metatype as new () => object, value);
  }
}

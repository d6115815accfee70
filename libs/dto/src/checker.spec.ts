import {
  IsIn,
  IsInt,
  IsString,
  Length,
  Max,
  Min,
  validateSync,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import fc from 'fast-check';
import { checkerOf } from './checker';

class Sample {
  @IsString() @Length(1, 3) text!: unknown;
  @ValidateIf((_object, value) => value !== undefined) @IsInt() @Min(0) @Max(9) digit?: unknown;
  @IsIn(['a', 'b'], { each: true }) letters!: unknown;
}
class Nothing {}
class Nested {
  @ValidateNested() sample!: Sample;
}
class Grouped {
  @IsString({ groups: ['some'] }) text!: string;
}

const value = fc.oneof(
  ...[fc.constantFrom('', 'a', 'abc', 'abcd', 0, 5, 10, 1.5, null, undefined), fc.anything()],
  fc.array(fc.constantFrom('a', 'b', 'c')),
);
const sample = fc.record(
  { text: value, digit: value, letters: value, more: value },
  { requiredKeys: ['text', 'letters'] },
);

test.each([Sample, Nothing])('a checker of %p finds valid exactly what class-validator does', (type) => {
  const checker = checkerOf(type);
  fc.assert(
    fc.property(sample, (plain) => {
      const instance = Object.assign(new (type as typeof Sample)(), plain);
      const options = { whitelist: true, forbidNonWhitelisted: true, forbidUnknownValues: false };
      expect(checker?.(instance)).toBe(validateSync(instance, options).length === 0);
    }),
    { numRuns: 2_000 },
  );
});

test.each([Nested, Grouped])('there is no checker of %p, whose rules are of another kind', (type) => {
  expect(checkerOf(type)).toBeUndefined();
});

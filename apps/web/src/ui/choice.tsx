import { Check } from 'lucide-react';
import type { ReactNode } from 'react';
import { Checkbox } from 'react-aria-components/Checkbox';
import { CheckboxGroup } from 'react-aria-components/CheckboxGroup';
import { FieldError } from 'react-aria-components/FieldError';
import { Label } from 'react-aria-components/Label';
import { Radio, RadioGroup } from 'react-aria-components/RadioGroup';
import { Switch as AriaSwitch } from 'react-aria-components/Switch';
import { type Control, type FieldValues, type Path, useController } from 'react-hook-form';
import style from './choice.module.css';

interface ChoiceProps<Value extends string> {
  label: string;
  value: Value;
  options: readonly { value: Value; name: string; hint?: string; lang?: string }[];
  onChange: (value: Value) => void;
}

/** One of a few, all of them in sight. */
export const Choice = <Value extends string>({
  label,
  value,
  options,
  onChange,
}: ChoiceProps<Value>): ReactNode => (
  <RadioGroup
    className={style.group ?? ''}
    value={value}
    onChange={(chosen) => onChange(chosen as Value)}
    orientation="horizontal"
  >
    <Label className={style.label}>{label}</Label>
    <div className={`${style.options} ${options.some(({ hint }) => hint) ? style.stacked : ''}`}>
      {options.map((option) => (
        <Radio key={option.value} value={option.value} className={style.option ?? ''}>
          <span className={style.dot} />
          <span lang={option.lang}>
            {option.name}
            {option.hint && <span className={style.hint}>{option.hint}</span>}
          </span>
        </Radio>
      ))}
    </div>
  </RadioGroup>
);

interface ChoicesProps<Values extends FieldValues> {
  /** The form that the choices belong to, and their name in there: what stands there is a list of values. */
  control: Control<Values>;
  name: Path<Values>;
  label: string;
  options: readonly { value: string; name: string; hint: string }[];
  /** What is said where nothing is chosen. */
  required: string;
}

/** One or more of a few, all of them in sight. */
export const Choices = <Values extends FieldValues>({
  control,
  name,
  label,
  options,
  required,
}: ChoicesProps<Values>): ReactNode => {
  const { field, fieldState } = useController({
    control,
    name,
    rules: { validate: (chosen: string[]) => chosen.length > 0 || required },
  });
  return (
    <CheckboxGroup
      className={style.group ?? ''}
      value={field.value}
      onChange={field.onChange}
      validationBehavior="aria"
      isInvalid={fieldState.invalid}
    >
      <Label className={style.label}>{label}</Label>
      <div className={`${style.options} ${style.stacked}`}>
        {options.map((option, i) => (
          <Checkbox
            key={option.value}
            value={option.value}
            className={style.option ?? ''}
            // a refusal leads to the first of them
            inputRef={i === 0 ? field.ref : undefined}
            onBlur={field.onBlur}
          >
            <span className={style.box}>
              <Check size={12} strokeWidth={3} aria-hidden />
            </span>
            <span>
              {option.name}
              <span className={style.hint}>{option.hint}</span>
            </span>
          </Checkbox>
        ))}
      </div>
      <FieldError className={style.error ?? ''}>{fieldState.error?.message}</FieldError>
    </CheckboxGroup>
  );
};

interface SwitchProps {
  label: string;
  hint: string;
  isSelected: boolean;
  isDisabled?: boolean;
  onChange: (on: boolean) => void;
}

export const Switch = ({ label, hint, ...props }: SwitchProps): ReactNode => (
  <AriaSwitch {...props} className={style.switch ?? ''}>
    <span>
      <span className={style.label}>{label}</span>
      <span className={style.hint}>{hint}</span>
    </span>
    <span className={style.track} />
  </AriaSwitch>
);

import type { ReactNode } from 'react';
import { Label } from 'react-aria-components/Label';
import { Radio, RadioGroup } from 'react-aria-components/RadioGroup';
import { Switch as AriaSwitch } from 'react-aria-components/Switch';
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

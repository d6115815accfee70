import { Check, ChevronDown } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from 'react-aria-components/Button';
import { Label } from 'react-aria-components/Label';
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox';
import { Popover } from 'react-aria-components/Popover';
import { Select as AriaSelect, SelectValue } from 'react-aria-components/Select';
import menu from './menu.module.css';
import style from './select.module.css';

interface SelectProps<Value extends string> {
  /** For who hears it: in sight is what is chosen. */
  label: string;
  value: Value;
  options: readonly { value: Value; name: string }[];
  onChange: (value: Value) => void;
}

/** One of several, of which only the chosen one is in sight. */
export const Select = <Value extends string>({
  label,
  value,
  options,
  onChange,
}: SelectProps<Value>): ReactNode => (
  <AriaSelect value={value} onChange={(chosen) => onChange(chosen as Value)} className={style.select ?? ''}>
    <Label className="heard-only">{label}</Label>
    <Button className={style.button ?? ''}>
      <SelectValue className={style.value ?? ''} />
      <ChevronDown size={16} aria-hidden />
    </Button>
    <Popover className={menu.popover ?? ''} offset={4}>
      <ListBox className={menu.menu ?? ''}>
        {options.map((option) => (
          <ListBoxItem
            key={option.value}
            id={option.value}
            textValue={option.name}
            className={`${menu.item} ${style.option}`}
          >
            <span className={style.name}>{option.name}</span>
            <Check size={16} aria-hidden className={style.check} />
          </ListBoxItem>
        ))}
      </ListBox>
    </Popover>
  </AriaSelect>
);

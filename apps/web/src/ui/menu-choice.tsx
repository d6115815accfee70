import { Check } from 'lucide-react';
import type { ReactNode } from 'react';
import { MenuItem, MenuSection } from 'react-aria-components/Menu';
import style from './menu.module.css';

interface MenuChoiceProps<Value extends string> {
  label: string;
  value: Value;
  options: readonly { value: Value; name: string }[];
  onChoose: (value: Value) => void;
}

/** In a menu: one of several, of which one is chosen already. */
export const MenuChoice = <Value extends string>({
  label,
  value,
  options,
  onChoose,
}: MenuChoiceProps<Value>): ReactNode => (
  <MenuSection
    aria-label={label}
    selectionMode="single"
    disallowEmptySelection
    selectedKeys={[value]}
    onSelectionChange={(chosen) => {
      const [key] = chosen as Set<Value>;
      if (key !== undefined && key !== value) onChoose(key);
    }}
  >
    {options.map((option) => (
      <MenuItem
        key={option.value}
        id={option.value}
        textValue={option.name}
        className={`${style.item} ${style.choice}`}
      >
        <Check size={16} aria-hidden />
        {option.name}
      </MenuItem>
    ))}
  </MenuSection>
);

import { Search } from 'lucide-react';
import type { ReactNode } from 'react';
import { Input } from 'react-aria-components/Input';
import { SearchField } from 'react-aria-components/SearchField';
import style from './search.module.css';

interface FilterProps {
  label: string;
  text: string;
  onText: (text: string) => void;
}

/** A line to type into, for a list below it that shows what fits. */
export const Filter = ({ label, text, onText }: FilterProps): ReactNode => (
  <SearchField aria-label={label} value={text} onChange={onText} className={`${style.bar} ${style.framed}`}>
    <Search size={18} aria-hidden />
    <Input className={style.input ?? ''} placeholder={label} />
  </SearchField>
);

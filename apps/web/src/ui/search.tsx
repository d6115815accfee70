import { Search as SearchIcon } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useRef } from 'react';
import { Autocomplete } from 'react-aria-components/Autocomplete';
import { Input } from 'react-aria-components/Input';
import { Label } from 'react-aria-components/Label';
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox';
import { SearchField } from 'react-aria-components/SearchField';
import { straight } from '../i18n/isolated';
import field from './field.module.css';
import style from './search.module.css';

interface Found {
  id: string;
  mark: ReactNode;
  name: string;
  note?: string | undefined;
  isDisabled?: boolean;
}

interface SearchProps {
  label: string;
  placeholder: string;
  text: string;
  onText: (text: string) => void;
  /** What was found for the text, best first. */
  found: readonly Found[];
  /** What to say where nothing was, if anything. */
  nothing: string | undefined;
  onChoose: (id: string) => void;
  /**
   * `bare` where the window around it is its frame; a `field` stands in a form among others, so its label is seen and
   * its list is low.
   */
  look?: 'bare' | 'framed' | 'field';
  autoFocus?: boolean;
}

/** A line to type into, and below it what was found: arrow keys and Enter choose from it while one types on. */
export const Search = ({
  label,
  placeholder,
  text,
  onText,
  found,
  nothing,
  onChoose,
  look = 'framed',
  autoFocus = true,
}: SearchProps): ReactNode => {
  const list = useRef<HTMLDivElement>(null);
  /** What is found late is pointed at late, or not at all: who does not wait for that means the best. */
  const chooseBest = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || list.current?.querySelector('[data-focused]')) return;
    const best = found.find(({ isDisabled }) => !isDisabled);
    if (!best) return;
    event.preventDefault();
    event.stopPropagation();
    onChoose(best.id);
  };
  return (
    <Autocomplete inputValue={text} onInputChange={onText}>
      <SearchField
        {...(look === 'field' ? {} : { 'aria-label': label })}
        autoFocus={autoFocus}
        className={field.field ?? ''}
      >
        {look === 'field' && <Label className={field.label}>{label}</Label>}
        <div className={`${style.bar} ${look === 'bare' ? '' : style.framed}`} onKeyDownCapture={chooseBest}>
          <SearchIcon size={18} aria-hidden />
          {/* of no form, whatever is around it: Enter chooses, and sends nothing */}
          <Input className={style.input ?? ''} dir="auto" placeholder={placeholder} form="" />
        </div>
      </SearchField>
      <ListBox
        ref={list}
        aria-label={label}
        className={`${style.list} ${look === 'field' ? style.low : ''}`}
        items={found}
        selectionMode="none"
        onAction={(key) => onChoose(String(key))}
        {...(nothing && { renderEmptyState: () => <div className={style.nothing}>{nothing}</div> })}
      >
        {({ id, mark, name, note, isDisabled }) => (
          <ListBoxItem
            id={id}
            textValue={name}
            className={style.item ?? ''}
            {...(isDisabled === undefined ? {} : { isDisabled })}
          >
            {mark}
            <span className={style.main} dir="auto">
              {straight(name)}
            </span>
            {note && (
              <span className={style.side} dir="auto">
                {note}
              </span>
            )}
          </ListBoxItem>
        )}
      </ListBox>
    </Autocomplete>
  );
};

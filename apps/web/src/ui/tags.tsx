import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from 'react-aria-components/Button';
import { Tag, TagGroup, TagList } from 'react-aria-components/TagGroup';
import { straight } from '../i18n/isolated';
import style from './tags.module.css';

interface TagsProps {
  label: string;
  items: readonly { id: string; mark: ReactNode; name: string }[];
  onRemove: (id: string) => void;
}

/** What was chosen, side by side: arrow keys walk along it, and a button, Delete or Backspace takes one away. */
export const Tags = ({ label, items, onRemove }: TagsProps): ReactNode => (
  <TagGroup aria-label={label} onRemove={(keys) => keys.forEach((key) => onRemove(String(key)))}>
    <TagList items={items} className={style.tags ?? ''}>
      {({ id, mark, name }) => (
        <Tag id={id} textValue={name} className={style.tag ?? ''}>
          {mark}
          <span className={style.name} dir="auto">
            {straight(name)}
          </span>
          <Button slot="remove" className={style.remove ?? ''}>
            <X size={14} aria-hidden />
          </Button>
        </Tag>
      )}
    </TagList>
  </TagGroup>
);

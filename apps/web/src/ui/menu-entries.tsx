import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { MenuItem, MenuSeparator } from './menu';
import { MenuBeside } from './menu-beside';

/** One thing to choose, or a line between such; nothing where it is false. */
export type MenuEntry =
  | {
      readonly icon: LucideIcon;
      readonly text: string;
      readonly danger?: boolean;
      readonly onAction: () => void;
    }
  | 'line'
  | false;

interface MenuEntriesProps {
  label: string;
  entries: readonly MenuEntry[];
  beside: HTMLElement | undefined;
  onChoose: (action: () => void) => void;
  onClose: () => void;
}

/** What a `MenuButton` opens. */
export const MenuEntries = ({ label, entries, beside, onChoose, onClose }: MenuEntriesProps): ReactNode => (
  <MenuBeside label={label} beside={beside} onClose={onClose}>
    {entries.map((entry, i) => {
      if (!entry) return null;
      if (entry === 'line') return <MenuSeparator key={i} />;
      const { icon: Icon, onAction, ...item } = entry;
      return <MenuItem key={i} icon={<Icon size={16} />} {...item} onAction={() => onChoose(onAction)} />;
    })}
  </MenuBeside>
);

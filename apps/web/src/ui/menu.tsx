import { createContext, type ReactElement, type ReactNode, useContext, useRef, useState } from 'react';
import { Menu as AriaMenu, MenuItem as AriaMenuItem, MenuTrigger } from 'react-aria-components/Menu';
import { Popover } from 'react-aria-components/Popover';
import { Separator } from 'react-aria-components/Separator';
import { useChosen } from './chosen';
import style from './menu.module.css';

interface MenuProps {
  label: string;
  /** The button that opens it. */
  trigger: ReactElement;
  children: ReactNode;
}

type Choose = (action: () => void) => void;
const ChooseContext = createContext<Choose>((action) => action());

/** A menu that a button opens. */
export const Menu = ({ label, trigger, children }: MenuProps): ReactNode => {
  const [isOpen, setOpen] = useState(false);
  const place = useRef<HTMLDivElement>(null);
  const choose = useChosen(isOpen, place);
  return (
    <MenuTrigger isOpen={isOpen} onOpenChange={setOpen}>
      <div ref={place} className={style.place}>
        {trigger}
      </div>
      <Popover className={style.popover ?? ''} placement="bottom end" offset={4}>
        <ChooseContext value={choose}>
          <AriaMenu aria-label={label} className={style.menu ?? ''}>
            {children}
          </AriaMenu>
        </ChooseContext>
      </Popover>
    </MenuTrigger>
  );
};

interface MenuItemProps {
  icon?: ReactNode;
  /** What it says, for the jump by typing its first letters. */
  text: string;
  /** The key that does the same elsewhere, or what else stands at the end. */
  keys?: ReactNode;
  /** Whether the menu stays when it is chosen: it shows something else then. */
  stays?: boolean;
  danger?: boolean;
  onAction: () => void;
}

export const MenuItem = ({ icon, text, keys, stays = false, danger, onAction }: MenuItemProps): ReactNode => {
  const choose = useContext(ChooseContext);
  return (
    <AriaMenuItem
      textValue={text}
      shouldCloseOnSelect={!stays}
      onAction={() => choose(onAction)}
      className={`${style.item} ${danger ? style.danger : ''}`}
    >
      {icon}
      {text}
      {keys !== undefined && (
        <kbd className={style.keys} aria-hidden>
          {keys}
        </kbd>
      )}
    </AriaMenuItem>
  );
};

export const MenuSeparator = (): ReactNode => <Separator className={style.separator ?? ''} />;

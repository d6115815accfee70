import type { ReactNode } from 'react';
import { Dialog } from 'react-aria-components/Dialog';
import { Menu } from 'react-aria-components/Menu';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';
import { Popover } from 'react-aria-components/Popover';
import style from './menu.module.css';

interface MenuBesideProps {
  label: string;
  /** What it stands beside; without, it comes up from the lower edge of the screen, where a thumb reaches it. */
  beside: HTMLElement | undefined;
  onClose: () => void;
  children: ReactNode;
}

/** A menu that no button of its own opens. Shown while it is rendered. */
export const MenuBeside = ({ label, beside, onClose, children }: MenuBesideProps): ReactNode => {
  const onOpenChange = (open: boolean): void => {
    if (!open) onClose();
  };
  const menu = (
    <Menu aria-label={label} className={style.menu ?? ''} autoFocus="first" onClose={onClose}>
      {children}
    </Menu>
  );
  if (!beside)
    return (
      <ModalOverlay isOpen isDismissable onOpenChange={onOpenChange} className={style.overlay ?? ''}>
        <Modal className={style.sheet ?? ''}>
          <Dialog className={style.dialog ?? ''} aria-label={label}>
            {menu}
          </Dialog>
        </Modal>
      </ModalOverlay>
    );
  return (
    <Popover
      isOpen
      onOpenChange={onOpenChange}
      aria-label={label}
      triggerRef={{ current: beside }}
      className={style.popover ?? ''}
      placement="bottom end"
      offset={4}
    >
      {menu}
    </Popover>
  );
};

import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Dialog as AriaDialog } from 'react-aria-components/Dialog';
import { Heading } from 'react-aria-components/Heading';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';
import { useMessages } from '../i18n/i18n';
import { IconButton } from './button';
import style from './dialog.module.css';

interface DialogProps {
  title: string;
  onClose: () => void;
  children: ReactNode;
  /** `alertdialog` for what cannot be undone: a click beside it does not close it. */
  role?: 'dialog' | 'alertdialog';
}

/** A window above the page. It holds the focus, gives it back, and closes with Escape. Shown while it is rendered. */
export const Dialog = ({ title, onClose, children, role = 'dialog' }: DialogProps): ReactNode => {
  const messages = useMessages();
  return (
    <ModalOverlay
      isOpen
      isDismissable={role === 'dialog'}
      onOpenChange={(open) => !open && onClose()}
      className={style.overlay ?? ''}
    >
      <Modal className={style.modal ?? ''}>
        <AriaDialog role={role} className={style.dialog ?? ''}>
          <header className={style.head}>
            <Heading slot="title" className={style.title}>
              {title}
            </Heading>
            <IconButton label={messages.close} onPress={onClose}>
              <X size={18} />
            </IconButton>
          </header>
          <div className={style.body}>{children}</div>
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
};

export const DialogActions = ({ children }: { children: ReactNode }): ReactNode => (
  <div className={style.actions}>{children}</div>
);

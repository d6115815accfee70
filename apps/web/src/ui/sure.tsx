import type { ReactNode } from 'react';
import { useMutation } from '../app/queries';
import { useProblemText } from '../app/problem';
import { useMessages } from '../i18n/i18n';
import { Button } from './button';
import { Dialog, DialogActions } from './dialog';
import { Notice } from './notice';

interface SureProps {
  title: string;
  text: string;
  action: string;
  onSure: () => Promise<unknown>;
  onDone?: () => void;
  onClose: () => void;
}

/** Asks before something that cannot be taken back, and says so where it did not work. */
export const Sure = ({ title, text, action, onSure, onDone, onClose }: SureProps): ReactNode => {
  const messages = useMessages();
  const problem = useProblemText();
  const doing = useMutation({
    mutationFn: onSure,
    onSuccess: () => {
      onClose();
      onDone?.();
    },
  });
  return (
    <Dialog title={title} onClose={onClose} role="alertdialog">
      {doing.error && <Notice>{problem(doing.error)}</Notice>}
      <p>{text}</p>
      <DialogActions>
        <Button onPress={onClose} autoFocus>
          {messages.cancel}
        </Button>
        <Button look="danger" isPending={doing.isPending} onPress={() => doing.mutate()}>
          {action}
        </Button>
      </DialogActions>
    </Dialog>
  );
};

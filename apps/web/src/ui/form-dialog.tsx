import type { ReactNode } from 'react';
import type { FieldValues } from 'react-hook-form';
import { useMessages } from '../i18n/i18n';
import { Button } from './button';
import { Dialog, DialogActions } from './dialog';
import { Form, type FormProps } from './form';

interface FormDialogProps<Values extends FieldValues> extends FormProps<Values> {
  title: string;
  /** What its button says. */
  action: string;
  /** Whether it cannot be undone. */
  danger?: boolean;
  /** What stands in the place of the form when that has done what it is for, and is not lost by a click beside it. */
  result?: ReactNode;
  onClose: () => void;
}

/** A window with a form in it. */
export const FormDialog = <Values extends FieldValues>({
  title,
  action,
  danger = false,
  result,
  onClose,
  children,
  ...form
}: FormDialogProps<Values>): ReactNode => {
  const { cancel } = useMessages();
  return (
    <Dialog title={title} onClose={onClose} role={danger || result ? 'alertdialog' : 'dialog'}>
      {result ?? (
        <Form {...form}>
          {children}
          <DialogActions>
            <Button onPress={onClose}>{cancel}</Button>
            <Button
              look={danger ? 'danger' : 'primary'}
              type="submit"
              isPending={form.of.formState.isSubmitting}
            >
              {action}
            </Button>
          </DialogActions>
        </Form>
      )}
    </Dialog>
  );
};

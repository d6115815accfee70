import type { ReactNode } from 'react';
import type { FieldValues, UseFormReturn } from 'react-hook-form';
import { useFormProblem } from '../app/problem';
import style from './form.module.css';
import { Notice } from './notice';

export interface FormProps<Values extends FieldValues> {
  of: UseFormReturn<Values>;
  /** What it is for; rejects where that was refused. */
  onSubmit: (values: Values) => Promise<unknown>;
  children: ReactNode;
}

/** Fields, and what sends them. A refusal is shown at the field that it is about, or else before all of them. */
export const Form = <Values extends FieldValues>({
  of,
  onSubmit,
  children,
}: FormProps<Values>): ReactNode => {
  const show = useFormProblem(of);
  const { root } = of.formState.errors;
  return (
    <form
      className={style.form}
      onSubmit={of.handleSubmit((values) => onSubmit(values).catch(show))}
      noValidate
    >
      {root && <Notice>{root.message}</Notice>}
      {children}
    </form>
  );
};

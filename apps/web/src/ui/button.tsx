import type { ReactNode, Ref } from 'react';
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from 'react-aria-components/Button';
import { Tooltip, TooltipTrigger } from 'react-aria-components/Tooltip';
import style from './button.module.css';
import tooltip from './tooltip.module.css';

export interface ButtonProps extends Omit<AriaButtonProps, 'className' | 'style' | 'children'> {
  look?: 'primary' | 'secondary' | 'quiet' | 'danger';
  wide?: boolean;
  children: ReactNode;
}

/** The class of what looks like a button, for links that lead somewhere. */
export const buttonClass = (look: NonNullable<ButtonProps['look']>): string =>
  `${style.button} ${style[look]}`;

export const Spinner = (): ReactNode => <span className={style.spinner} aria-hidden />;

/** While it `isPending` it keeps its place and its focus, and says so to who hears it. */
export const Button = ({ look = 'secondary', wide, children, ...props }: ButtonProps): ReactNode => (
  <AriaButton {...props} className={`${buttonClass(look)} ${wide ? style.wide : ''}`}>
    {props.isPending && <Spinner />}
    {children}
  </AriaButton>
);

interface IconButtonProps extends Omit<AriaButtonProps, 'className' | 'style' | 'children' | 'aria-label'> {
  /** Its name, also shown beside it when pointed at or reached with the keyboard. */
  label: string;
  ref?: Ref<HTMLButtonElement>;
  children: ReactNode;
}

export const IconButton = ({ label, children, ...props }: IconButtonProps): ReactNode => (
  <TooltipTrigger delay={500} closeDelay={0}>
    <AriaButton {...props} aria-label={label} className={`${style.button} ${style.icon}`}>
      {children}
    </AriaButton>
    <Tooltip className={tooltip.tooltip ?? ''} offset={6}>
      {label}
    </Tooltip>
  </TooltipTrigger>
);

import type { ReactNode } from 'react';
import { Icon } from './Icon';
import type { IconName } from './icons';

interface Props {
  icon: IconName;
  title: string;
  children?: ReactNode;
  /** Whether it is all that the page says. */
  alone?: boolean;
}

/** Nothing is here, and what to do about it. */
export function Empty({ icon, title, children, alone = false }: Props) {
  return (
    <div className="empty">
      <Icon name={icon} size={28} />
      {alone ? <h1>{title}</h1> : <h2>{title}</h2>}
      {children}
    </div>
  );
}

/** A command to type, with a copy button's worth of room. */
export function Command({ children }: { children: string }) {
  return <code className="command">{children}</code>;
}

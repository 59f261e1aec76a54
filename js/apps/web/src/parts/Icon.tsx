import { PATHS, type IconName } from './icons';

interface Props {
  name: IconName;
  size?: number;
  className?: string;
}

/** One of our own icons, in the colour of the text. It is decoration: the words are beside it. */
export function Icon({ name, size = 16, className }: Props) {
  return (
    <svg
      className={className ? `icon ${className}` : 'icon'}
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.4"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}

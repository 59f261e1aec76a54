import { Icon } from '../parts/Icon';
import { switchTheme, useTheme } from './theme';

export function ThemeSwitch() {
  const other = useTheme() === 'dark' ? 'light' : 'dark';
  const label = `Show the ${other} theme`;
  return (
    <button type="button" className="quiet" onClick={switchTheme} aria-label={label} title={label}>
      <Icon name={other === 'light' ? 'sun' : 'moon'} />
    </button>
  );
}

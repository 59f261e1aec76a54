import { Icon } from '../parts/Icon';
import { Popover } from '../parts/Popover';
import { ExportForm } from './ExportForm';

/** A button that offers the record of a thing in public formats. */
export function ExportMenu({ thing }: { thing: string }) {
  return (
    <Popover
      title="Export the record"
      label={
        <>
          <Icon name="download" size={14} /> Export
        </>
      }
    >
      <ExportForm thing={thing} />
    </Popover>
  );
}

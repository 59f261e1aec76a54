import { useTitle } from '../app/useTitle';
import { useProject } from '../data/project';
import { address } from '../router/address';
import { navigate, useLocation } from '../router/location';
import { Explorer } from './Explorer';
import { StartHere } from '../impact/StartHere';
import { type LineageState, readLineage, writeLineage } from './url';

/** The lineage of the thing that the address names; without one, what to begin with. */
export default function LineagePage() {
  const project = useProject().name;
  const { search } = useLocation();
  const state = readLineage(search);
  useTitle('Lineage');
  const change = (part: Partial<LineageState>, replace = true) => {
    const next = { ...readLineage(location.search), ...part };
    navigate(address.lineage(project) + writeLineage(next), { replace });
  };
  if (state.thing === '') {
    return (
      <StartHere
        title="Where did it come from?"
        says="Name a file, a model, a dataset or a run, and see everything that led to it and that came of it."
        to={(id) => address.lineage(project, id)}
      />
    );
  }
  return <Explorer key={state.thing} state={state} onChange={change} />;
}

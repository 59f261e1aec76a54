import { useTitle } from '../app/useTitle';
import { useProject } from '../data/project';
import { useAnswer } from '../data/useAnswer';
import { ExportMenu } from '../export/ExportMenu';
import { CompletenessStrip } from '../parts/CompletenessStrip';
import { Digest } from '../parts/Digest';
import { Failure } from '../parts/Failure';
import { Icon } from '../parts/Icon';
import { iconOfKind } from '../parts/icons';
import { Skeleton } from '../parts/Skeleton';
import { Text } from '../parts/Text';
import { address } from '../router/address';
import { Link } from '../router/Link';
import { useLocation } from '../router/location';
import { ImpactGroups } from './ImpactGroups';
import { StartHere } from './StartHere';
import { touched } from './touched';
import './impact.css';

/** What a thing touched: models, figures, files and runs that came of it. */
export default function ImpactPage() {
  const project = useProject();
  const { search } = useLocation();
  const thing = new URLSearchParams(search).get('thing') ?? '';
  const asked = useAnswer(thing ? `impact ${project.name} ${thing}` : null, (signal) =>
    project.impact(thing, {}, signal),
  );
  useTitle('Impact');
  if (thing === '') {
    return (
      <StartHere
        title="What came of it?"
        says="Name a file, also one column of it (data/raw.csv:age), and see every model, figure and result that it touched."
        to={(id) => address.impact(project.name, id)}
      />
    );
  }
  if (asked.error) return <Failure error={asked.error} again={asked.again} />;
  if (!asked.data) return <Skeleton lines={10} />;
  const subjects = asked.data.query.subjects;
  const first = Array.isArray(subjects) ? subjects[0] : undefined;
  const subject = asked.data.nodes.find((node) => node.id === first) ?? asked.data.nodes[0];
  return (
    <article className="page impact">
      <header className="head-block">
        <p className="crumbs">
          <Link to={address.impact(project.name)}>Impact</Link>
        </p>
        <h1>
          <Icon name={iconOfKind(subject?.kind ?? '')} size={20} />
          <Text text={subject?.name ?? thing} length={100} />
        </h1>
        <p className="head-line">
          {subject?.digest && <Digest digest={subject.digest} />}
          <span className="spring" />
          {subject && <ExportMenu thing={subject.id} />}
          {subject && (
            <Link
              to={address.lineage(project.name, subject.id, { dir: 'down', depth: '6' })}
              className="button primary"
            >
              <Icon name="lineage" size={14} /> As a graph
            </Link>
          )}
        </p>
      </header>
      <ImpactGroups groups={touched(asked.data.nodes, subject?.id ?? '')} />
      <CompletenessStrip completeness={asked.data.completeness} />
    </article>
  );
}

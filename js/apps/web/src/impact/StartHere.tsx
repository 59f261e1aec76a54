import { useState } from 'react';
import { useProject } from '../data/project';
import { useAnswer } from '../data/useAnswer';
import { useDebounced } from '../data/useDebounced';
import { Failure } from '../parts/Failure';
import { Icon } from '../parts/Icon';
import { iconOfKind } from '../parts/icons';
import { Text } from '../parts/Text';
import { Link } from '../router/Link';
import { navigate } from '../router/location';

interface Props {
  title: string;
  says: string;
  to: (id: string) => string;
}

/** A field to name the thing that a view begins with, and what fits so far. */
export function StartHere({ title, says, to }: Props) {
  const project = useProject();
  const [text, setText] = useState('');
  const asked = useDebounced(text.trim(), 150);
  const found = useAnswer(asked ? `search ${project.name} ${asked}` : null, (signal) =>
    project.search(asked, 20, signal),
  );
  const nodes = found.data?.nodes ?? [];
  return (
    <div className="start">
      <h1>{title}</h1>
      <p>{says}</p>
      <form
        role="search"
        onSubmit={(event) => {
          event.preventDefault();
          if (text.trim()) navigate(to(nodes[0]?.id ?? text.trim()));
        }}
      >
        <Icon name="search" />
        <input
          autoFocus
          type="search"
          aria-label="A file, model, dataset or run"
          placeholder="models/model.joblib"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </form>
      {found.error && <Failure error={found.error} again={found.again} />}
      <ul className="found" aria-label="Found">
        {nodes.map((node) => (
          <li key={node.id}>
            <Link to={to(node.id)} className="thing">
              <Icon name={iconOfKind(node.kind)} size={15} />
              <Text text={node.name || node.id} length={90} />
              <span className="faint">{node.kind}</span>
            </Link>
          </li>
        ))}
      </ul>
      {asked && found.data && nodes.length === 0 && (
        <p className="faint">Nothing recorded is called that.</p>
      )}
    </div>
  );
}

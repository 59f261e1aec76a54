import { useContext, useState } from 'react';
import { server } from '../data/server';
import { useAnswer } from '../data/useAnswer';
import { Icon } from '../parts/Icon';
import { Popover } from '../parts/Popover';
import { Text } from '../parts/Text';
import { SessionContext } from './session';

/** Who one is on this server, what one may do, and the way out; nothing where nobody is asked. */
export function Account() {
  const { auth, ended } = useContext(SessionContext);
  const asked = useAnswer(auth ? 'who' : null, (signal) => server.who(signal));
  const [problem, setProblem] = useState('');
  const who = asked.data;
  if (!who?.signed_in) return null;
  const leave = () => {
    server.signOut().then(ended, (error: Error) => setProblem(error.message));
  };
  return (
    <Popover
      title="Your account"
      label={
        <>
          <Icon name="person" size={15} />
          <span className="account-name">
            <Text text={who.name} length={24} />
          </span>
        </>
      }
    >
      <div className="account">
        <p>
          Signed in as{' '}
          <b>
            <Text text={who.name} length={60} />
          </b>
        </p>
        <ul>
          {who.grants.slice(0, 20).map(({ project, scope }) => (
            <li key={`${project} ${scope}`}>
              <Text text={project === '*' ? 'all projects' : project} length={40} />
              <span className="faint">{scope}</span>
            </li>
          ))}
        </ul>
        {problem && (
          <p className="problem" role="alert">
            {problem}
          </p>
        )}
        <button type="button" onClick={leave}>
          Sign out
        </button>
      </div>
    </Popover>
  );
}

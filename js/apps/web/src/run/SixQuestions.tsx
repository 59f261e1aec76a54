import type { FiveW, Json } from '@whence/api-client';
import { counted } from '../format/number';
import { valueText } from '../format/value';
import { CopyButton } from '../parts/CopyButton';
import { Digest } from '../parts/Digest';
import { Text } from '../parts/Text';
import { Time } from '../parts/Time';
import { Value } from '../parts/Value';

const QUESTIONS = ['what', 'when', 'who', 'why', 'where', 'how'] as const;
const NONE: Record<string, string> = {
  why: 'Nobody said. Say so by: whence run --tag why="…" train.py',
};

/** What, when, who, why, where and how. */
export function SixQuestions({ six }: { six: FiveW }) {
  return (
    <dl className="six">
      {QUESTIONS.map((question) => {
        const facts = Object.entries(six[question]);
        return (
          <div key={question}>
            <dt>{question}</dt>
            <dd>
              {facts.length === 0 && (
                <span className="faint">{NONE[question] ?? 'Not recorded.'}</span>
              )}
              {facts.length > 0 && (
                <dl>
                  {facts.map(([key, value]) => (
                    <div key={key}>
                      <dt>{key.replaceAll('_', ' ')}</dt>
                      <dd>
                        <Answer name={key} value={value} />
                        {six.part_of?.answers.includes(`${question}.${key}`) && (
                          <OfOuter name={six.part_of.name} />
                        )}
                      </dd>
                    </div>
                  ))}
                </dl>
              )}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}

/** Says that an answer is that of the run in which this one took place. */
export function OfOuter({ name }: { name: string }) {
  return (
    <span className="tag of-outer">
      of <Text text={name} length={40} />
    </span>
  );
}

const IS_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d/;

function Answer({ name, value }: { name: string; value: Json }) {
  if (name === 'digest' && typeof value === 'string') return <Digest digest={value} />;
  if (name === 'command' && typeof value === 'string') {
    return (
      <span className="command-line">
        <code>
          <Text text={value} length={300} />
        </code>
        <CopyButton text={value} what="the command" />
      </span>
    );
  }
  if (typeof value === 'string' && IS_TIME.test(value)) return <Time at={value} />;
  if (typeof value !== 'object' || value === null) return <Value value={value} length={300} />;
  if (Array.isArray(value)) return <Value value={value} length={400} />;
  const entries = Object.entries(value);
  if (entries.length > 6) return <>{counted(entries.length, 'value')}, under their own tab</>;
  return (
    <>
      {entries.map(([key, one], index) => (
        <span key={key}>
          {index > 0 && ', '}
          <Text text={key} length={60} /> <span className="faint">{valueText(one)}</span>
        </span>
      ))}
    </>
  );
}

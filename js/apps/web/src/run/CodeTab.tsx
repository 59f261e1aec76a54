import type { AnswerNode, CodeFile } from '@whence/api-client';
import DiffView from '../code/DiffView';
import Source from '../code/Source';
import { useProject } from '../data/project';
import { useAnswer } from '../data/useAnswer';
import { shortDigest } from '../format/digest';
import { CopyButton } from '../parts/CopyButton';
import { Empty } from '../parts/Empty';
import { Failure } from '../parts/Failure';
import { Skeleton } from '../parts/Skeleton';
import { Text } from '../parts/Text';
import { OfOuter } from './SixQuestions';

/** The commit, what differed from it, and the files that ran. */
export default function CodeTab({ run }: { run: AnswerNode }) {
  const project = useProject();
  const asked = useAnswer(`code ${project.name} ${run.id}`, (signal) =>
    project.code(run.id, signal),
  );
  if (asked.error) return <Failure error={asked.error} again={asked.again} />;
  if (!asked.data) return <Skeleton />;
  const { commit, dirty, diff, files, part_of: partOf } = asked.data;
  if (!commit && !diff && files.length === 0) {
    return <Empty icon="code" title="No code was recorded of this run" />;
  }
  return (
    <>
      <p className="head-line">
        {commit ? (
          <span className="digest">
            commit&nbsp;<code title={commit}>{shortDigest(commit)}</code>
            <CopyButton text={commit} what="the commit" />
          </span>
        ) : (
          <span>not under git</span>
        )}
        {dirty === true && <span className="tag warn">changed since the commit</span>}
        {dirty === false && <span className="tag good">exactly as committed</span>}
        {partOf && <OfOuter name={partOf.name} />}
      </p>
      {diff && (
        <section>
          <h2>Differs from the commit</h2>
          <DiffView diff={diff} />
        </section>
      )}
      {files.length > 0 && (
        <section>
          <h2>Files that ran</h2>
          {files.map((file) => (
            <FileView key={file.path} file={file} open={files.length === 1} />
          ))}
        </section>
      )}
    </>
  );
}

function FileView({ file, open }: { file: CodeFile; open: boolean }) {
  const head = (
    <>
      <Text text={file.path} length={100} />
      {file.digest && <code className="faint">{shortDigest(file.digest)}</code>}
    </>
  );
  if (file.text === null) {
    return (
      <p className="file-line">
        {head} <span className="faint">its text was not kept</span>
      </p>
    );
  }
  return (
    <details open={open}>
      <summary>{head}</summary>
      <Source text={file.text} path={file.path} />
    </details>
  );
}

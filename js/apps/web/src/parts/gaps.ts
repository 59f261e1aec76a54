/** What can be missing from a record, by code; as the command line says it. */
const MEANING: Record<string, string> = {
  'changed-before-hashed': 'The file changed before its bytes could be hashed',
  'hash-pending': 'The file is not hashed yet',
  'hash-skipped': 'The file is over the size limit for hashing; its version stamp stands',
  'file-gone': 'The file was removed before its bytes could be hashed',
  'not-closed': 'The process ended with the file open for writing',
  'file-unexplained': 'A file was touched, by what is not watched or by another program',
  sampled: 'A database, stream or large directory, known by stamp or declared version only',
  'child-unreached': 'A child Python process could not be watched',
  'observer-failed': 'An observer failed and was switched off',
  'observer-off': 'An observer is switched off by the settings',
  'watched-by-wrapper': 'Functions were watched by wrappers; names bound before were not seen',
  'began-late': 'Recording began when objects were there already; their origin is not known',
  'untested-version': "An observer is off: it is not tested with the library's version",
  'objects-forgotten': 'More objects were alive than are followed; some lost their past',
  'events-dropped': 'Events could not be written',
  'disk-full': 'The disk was full; capture stopped',
  'value-lost': 'A value could not be recorded; its type and a short text were kept',
  'journal-damaged': 'A part of the journal could not be read',
  'event-unknown': 'An event of a later version of Whence could not be read',
  'git-unavailable': 'The state of the code could not be asked of git',
  'environment-partial': 'A part of the environment could not be recorded',
  'companion-lost': 'The companion ended before the run did',
  'flow-unresolved': 'Data could not be followed to the call that brought them in',
  'column-unresolved': 'A column could not be followed to the columns it was made of',
  'reach-undecided': 'What may be reached, but could not be told for certain',
  'code-not-read': 'Code could not be read for the flow of data',
  'inferred-by-content': 'An origin was found by equal bytes only',
};

/** What the code of a gap means; a code of a later version as it is. */
export function meaningOfGap(code: string): string {
  return MEANING[code] ?? code;
}

/** The relations in plain words. `source relation target` reads "model wasGeneratedBy run". */

const WORDS: Readonly<Record<string, string>> = {
  used: 'used',
  wasGeneratedBy: 'was made by',
  wasInformedBy: 'came after',
  wasStartedBy: 'was started by',
  wasEndedBy: 'was ended by',
  wasInvalidatedBy: 'was removed by',
  wasDerivedFrom: 'was derived from',
  wasRevisionOf: 'is a revision of',
  wasQuotedFrom: 'was quoted from',
  hadPrimarySource: 'has the source',
  wasAttributedTo: 'is by',
  wasAssociatedWith: 'was run by',
  actedOnBehalfOf: 'acted for',
  wasInfluencedBy: 'was influenced by',
  specializationOf: 'is a form of',
  alternateOf: 'has the same bytes as',
  hadMember: 'contains',
  hadPlan: 'followed the plan',
  partOf: 'is part of',
};

export function relationWords(relation: string): string {
  return Object.hasOwn(WORDS, relation) ? WORDS[relation]! : relation;
}

/** Relations that say where a thing belongs and not what went into it: drawn faintly. */
export const QUIET: ReadonlySet<string> = new Set([
  'partOf',
  'wasAssociatedWith',
  'wasAttributedTo',
  'actedOnBehalfOf',
  'hadPlan',
  'specializationOf',
  'wasEndedBy',
  'wasInvalidatedBy',
]);

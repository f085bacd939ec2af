const GUIDE_BOOST = 1.8;

/** The options of the search, the same for building the index and for queries. */
export const SEARCH_OPTIONS = {
  fields: ['title', 'keywords', 'headings', 'text', 'details'],
  storeFields: ['path', 'title', 'section', 'text'],
  idField: 'path',
  // Ids and paths match as a whole and by their parts: `sessions.list`, `/v1/sessions`.
  tokenize: (text: string) => {
    const words = text.split(/[\s,;:()[\]{}"'`]+/).filter((word) => word !== '');
    return [...words, ...words.flatMap((word) => (/[./_-]/.test(word) ? word.split(/[./_-]+/) : []))].filter(
      (word) => word !== '',
    );
  },
  searchOptions: {
    boost: { title: 4, keywords: 5, headings: 2 },
    prefix: true,
    fuzzy: (term: string) => (term.length > 4 ? 0.15 : false),
    // A page with more of the words ranks higher. With AND, one unknown word would hide all pages.
    combineWith: 'OR' as const,
    processTerm: queryTerms,
    // A word that many pages have is likely about a subject that a guide explains.
    boostDocument: (id: string) => (id.startsWith('/guides/') ? GUIDE_BOOST : 1),
  },
};

/** Words of questions that occur on nearly every page. */
const STOP_WORDS = new Set(
  'a an and are can do does for from how i in is it my of on or that the this to what when where which with you your'.split(
    ' ',
  ),
);

/** Words of readers, with the words that the pages use instead. */
const SYNONYMS: Record<string, string[]> = {
  price: ['plans', 'credits'],
  pricing: ['plans', 'credits'],
  cost: ['credits', 'plans'],
  stop: ['end'],
  close: ['end'],
  install: ['quickstart', 'client', 'release'],
  sdk: ['client'],
  docker: ['deploy', 'install'],
  golang: ['go'],
  javascript: ['node', 'client'],
  working: ['troubleshooting'],
  broken: ['troubleshooting'],
  debug: ['troubleshooting'],
  problem: ['troubleshooting'],
  migration: ['migrate'],
  migrating: ['migrate'],
  switch: ['migrate'],
  container: ['deploy'],
  kubernetes: ['deploy', 'scale'],
  token: ['worker_token'],
  face: ['avatar'],
  picture: ['image', 'avatar'],
  callback: ['webhook', 'events'],
  poll: ['waitfor', 'events'],
};

/** Returns the terms to search for a word of a query; null to leave it out. */
function queryTerms(word: string): string | string[] | null {
  const term = word.toLowerCase();
  if (STOP_WORDS.has(term)) return null;
  return [term, ...(SYNONYMS[term] ?? [])];
}

export interface SearchHit {
  path: string;
  title: string;
  section: string;
  text: string;
}

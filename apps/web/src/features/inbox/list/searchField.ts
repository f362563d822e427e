/** Id of the search field, for the key that puts the caret there. */
export const SEARCH_FIELD = 'inbox-search';

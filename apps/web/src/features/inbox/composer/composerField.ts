/** Id of the text field, for the keys that put the caret there. */
export const COMPOSER_FIELD = 'composer-field';

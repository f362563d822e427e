/**
 * A text as people search for it: without case, accents, Arabic vowel marks and tatweel, with the letter forms that
 * are typed interchangeably (alef, teh marbuta, alef maksura) made one, as the database's search does.
 */
export function foldText(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[\p{M}\u0640]/gu, '')
    .replace(/[أإآٱ]/gu, 'ا')
    .replace(/ة/gu, 'ه')
    .replace(/[ىی]/gu, 'ي')
    .replace(/ک/gu, 'ك')
    .toLocaleLowerCase()
    .trim();
}

/** One short line about what is being done, apart from what programs print themselves. */
export function say(text) {
  console.log(`· ${text}`);
}

/** An error whose message is all that a person needs: printed without a stack. */
export class Sentence extends Error {}

/** Characters that do not show, or do more than show. */

/** Controls, invisible and reordering characters, line separators, lone surrogates, noncharacters. */
export const HIDDEN =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}]|(?![\ufe00-\ufe0f])\p{Default_Ignorable_Code_Point}/gu;

/** Line feeds of JSON stand between its values only. */
const HIDDEN_IN_JSON = new RegExp(HIDDEN.source.replace('\\p{Cc}', '\\x7f-\\x9f'), 'gu');

/** JSON text in which every character shows: the same value, with the invisible ones as `\uXXXX`. */
export function escapeJson(json: string): string {
  return json.replace(HIDDEN_IN_JSON, (character) => {
    let escaped = '';
    for (let index = 0; index < character.length; index++) {
      escaped += `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`;
    }
    return escaped;
  });
}

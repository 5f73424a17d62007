/** What a reader makes of what was printed, by readers of their own: micromark with GitHub's extensions, and JSON. */

import { micromark, parse, postprocess, preprocess } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';

/** Controls, invisible and reordering characters, line separators, lone surrogates. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

/** Where a text that was printed holds what does not show, or does more than show; line feeds end lines. */
export function hiddenIn(text: string): string[] {
  return text.split('\n').filter((line) => HIDDEN.test(line));
}

/** Tags that reports are made of; none of them has an attribute but a cell its alignment. */
const TAGS =
  /^<(?:\/?(?:p|strong|em|code|table|thead|tbody|tr|th|td|details|summary|h1|h2|h3|ul|ol|li|pre)|br \/|br|t[hd] align="right"|code class="language-yaml")>$/;

/** What GitHub looks for in text: mentions, issues, addresses, emoji codes; and what is left of tags that it refuses. */
const LOOKED_FOR = /@\w|#\d|www\.|:\/\/|:[\w+-]*[a-z][\w+-]*:|>/i;

/**
 * What is wrong with a report in Markdown once it is rendered: tags, headings and links that no report has, addresses
 * outside of code, tables of which a row has another number of cells.
 */
export function markupIn(markdown: string, headings: RegExp): string[] {
  const html = micromark(markdown, { extensions: [gfm()], htmlExtensions: [gfmHtml()], allowDangerousHtml: true });
  const tags = html.match(/<[^>]*>?/g) ?? [];
  const wrong = tags.filter((tag) => !TAGS.test(tag)).map((tag) => `tag ${tag}`);
  const titles = [...html.matchAll(/<h\d>(.*?)<\/h\d>/gs)].map(([, title = '']) => title);
  wrong.push(...titles.filter((title) => !headings.test(title)).map((title) => `heading ${title}`));
  const prose = html.replace(/<code[^>]*>.*?<\/code>/gs, '').replace(/<[^>]*>/g, ' ');
  const found = LOOKED_FOR.exec(prose);
  if (found !== null) wrong.push(`looked for: ${prose.slice(Math.max(0, found.index - 40), found.index + 40)}`);
  for (const name of ['details', 'summary']) {
    const count = (tag: string) => tags.filter((other) => other === tag).length;
    if (count(`<${name}>`) !== count(`</${name}>`)) wrong.push(`<${name}> is not closed`);
  }
  return [...wrong, ...raggedRows(markdown)];
}

/** Rows of tables that have another number of cells than their head, as micromark takes them apart. */
function raggedRows(markdown: string): string[] {
  const events = postprocess(
    parse({ extensions: [gfm()] })
      .document()
      .write(preprocess()(markdown, 'utf8', true)),
  );
  const wrong: string[] = [];
  let head = 0;
  let cells = 0;
  for (const [kind, token, context] of events) {
    const type: string = token.type;
    if (kind === 'enter' && (type === 'tableData' || type === 'tableHeader')) cells += 1;
    else if (kind === 'enter' && type === 'tableRow') cells = 0;
    else if (kind === 'exit' && type === 'tableRow') {
      if (head === 0) head = cells;
      if (cells !== head) wrong.push(`row of ${cells} and not ${head} cells: ${context.sliceSerialize(token)}`);
    } else if (kind === 'exit' && type === 'table') head = 0;
  }
  return wrong;
}

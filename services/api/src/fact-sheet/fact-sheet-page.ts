import { FACT_COLUMNS, factRows, factsOf } from '@watchbill/core';
import type { NamedFactSheet } from './read-fact-sheet.ts';

const STYLE = [
  ':root{color-scheme:light dark}',
  'body{font:17px/1.5 system-ui,sans-serif;max-width:44rem;margin:2.5rem auto;padding:0 1rem}',
  'h1{line-height:1.2;margin:0 0 .5rem}',
  'dl{display:grid;grid-template-columns:minmax(9rem,15rem) 1fr;gap:.4rem 1.2rem;margin:1.5rem 0}',
  'dt{opacity:.8}dd{margin:0}',
  'div{overflow-x:auto}table{border-collapse:collapse;width:100%}',
  'th,td{text-align:right;padding:.4rem .6rem;border-bottom:1px solid color-mix(in srgb,currentColor 25%,transparent)}',
  'th:first-child{text-align:left}',
  'a{color:inherit}footer{margin-top:2rem;font-size:.9rem}',
  '@media (max-width:34rem){dl{grid-template-columns:1fr;gap:.1rem}dd{margin:0 0 .7rem}}',
].join('');

/** A fact sheet as one page that needs nothing else. `markdown` is the address of the same as Markdown, beside it. */
export function factSheetPage(sheet: NamedFactSheet, markdown: string): string {
  const facts = factsOf(sheet).map(
    ({ name, text }) => `<dt>${escapeMarkup(name)}</dt><dd>${escapeMarkup(text)}</dd>`,
  );
  const heads = FACT_COLUMNS.map((name) => `<th scope="col">${name}</th>`);
  const rows = factRows(sheet).map(
    ([who, ...figures]) =>
      `<tr><th scope="row">${escapeMarkup(who)}</th>${figures.map((one) => `<td>${one}</td>`).join('')}</tr>`,
  );
  const { description } = sheet;
  return document(sheet.name, [
    ...(description === null ? [] : [`<p>${escapeMarkup(description)}</p>`]),
    `<dl>${facts.join('')}</dl>`,
    `<div tabindex="0" role="region" aria-label="In a quarter"><table><thead><tr>${heads.join('')}</tr></thead><tbody>${rows.join('')}</tbody></table></div>`,
    `<footer><p>By the shifts of the next 13 weeks, nights and weekends by each person’s own clock. <a href="${escapeMarkup(markdown)}">As Markdown</a></p></footer>`,
  ]);
}

/** A page that says one thing. */
export function noticePage(text: string): string {
  return document('Watchbill', [`<p>${escapeMarkup(text)}</p>`]);
}

function document(title: string, parts: readonly string[]): string {
  const head = `<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex, nofollow"><meta name="referrer" content="no-referrer"><title>${escapeMarkup(title)}</title><style>${STYLE}</style>`;
  return `<!doctype html><html lang="en"><head>${head}</head><body><main><h1>${escapeMarkup(title)}</h1>${parts.join('')}</main></body></html>`;
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escapeMarkup(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => ESCAPES[sign] ?? sign);
}

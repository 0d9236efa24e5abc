// Draws the JSON of `watchbill timeline … --format json` as an SVG, a row a day in UTC. The README's picture:
//   npx watchbill timeline examples/follow-the-sun.yaml --schedule platform --from 2026-11-23 --to 2026-11-30 \
//     --format json | node scripts/draw-timeline.mjs > docs/follow-the-sun.svg
import { text } from 'node:stream/consumers';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const LEFT = 110;
const TOP = 62;
const HOUR_WIDTH = 34;
const ROW_HEIGHT = 40;
const PALETTE = ['#0b7285', '#2b6cb0', '#9c4221', '#5f3dc4', '#2f7d32', '#a61e4d'];

const timeline = JSON.parse(await text(process.stdin));
const from = Date.parse(timeline.from);
const days = Math.round((Date.parse(timeline.to) - from) / DAY_MS);
const width = LEFT + 24 * HOUR_WIDTH + 20;
const height = TOP + days * ROW_HEIGHT + 34;

/** One colour for each place: rotations that differ only in their first word share it. */
const place = (rotation) => (rotation ?? 'override').replace(/^(non-)?core-/, '');
const places = [...new Set(timeline.shifts.map((shift) => place(shift.rotation)))].sort();
const colourOf = (rotation) => PALETTE[places.indexOf(place(rotation)) % PALETTE.length];
const escaped = (words) => words.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
const name = (id) => escaped(id.charAt(0).toUpperCase() + id.slice(1));

function label(at) {
  return new Date(at).toLocaleDateString('en-GB', {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    timeZone: 'UTC',
  });
}

/** The parts of a shift, one for each day it touches. */
function parts(shift) {
  const found = [];
  for (let day = 0; day < days; day += 1) {
    const dayStart = from + day * DAY_MS;
    const start = Math.max(Date.parse(shift.start), dayStart);
    const end = Math.min(Date.parse(shift.end), dayStart + DAY_MS);
    if (start < end) found.push({ day, left: (start - dayStart) / HOUR_MS, hours: (end - start) / HOUR_MS });
  }
  return found;
}

function bar(shift, { day, left, hours }) {
  const x = LEFT + left * HOUR_WIDTH + 1;
  const y = TOP + day * ROW_HEIGHT + 4;
  const barWidth = hours * HOUR_WIDTH - 2;
  const quiet = shift.rotation?.startsWith('non-core') ? ' fill-opacity="0.8"' : '';
  const words =
    barWidth > 50
      ? `<text x="${x + barWidth / 2}" y="${y + 21}" text-anchor="middle" fill="#fff">${name(shift.person)}</text>`
      : '';
  return `<rect x="${x}" y="${y}" width="${barWidth}" height="${ROW_HEIGHT - 8}" rx="5" fill="${colourOf(shift.rotation)}"${quiet}/>${words}`;
}

const hours = Array.from({ length: 9 }, (_, index) => index * 3).map((hour) => {
  const x = LEFT + hour * HOUR_WIDTH;
  const words = `<text x="${x}" y="${TOP - 8}" text-anchor="middle" fill="#5c6670">${String(hour).padStart(2, '0')}:00</text>`;
  return `${words}<line x1="${x}" x2="${x}" y1="${TOP}" y2="${TOP + days * ROW_HEIGHT}" stroke="#dde2e7"/>`;
});
const rows = Array.from({ length: days }, (_, day) => {
  const y = TOP + day * ROW_HEIGHT;
  return `<text x="${LEFT - 14}" y="${y + 25}" text-anchor="end" fill="#27313a">${label(from + day * DAY_MS)}</text>`;
});
const bars = timeline.shifts.flatMap((shift) => parts(shift).map((part) => bar(shift, part)));
const legend = places.map((words, index) => {
  const x = LEFT + index * 180;
  const y = height - 22;
  return `<rect x="${x}" y="${y}" width="12" height="12" rx="3" fill="${PALETTE[index % PALETTE.length]}"/><text x="${x + 18}" y="${y + 11}" fill="#27313a">${escaped(words)}</text>`;
});
legend.push(
  `<text x="${width - 20}" y="${height - 11}" text-anchor="end" fill="#5c6670">paler: outside core hours</text>`,
);
const title = `Who is on call for ${timeline.schedule}, ${label(from)} to ${label(from + (days - 1) * DAY_MS)}, in UTC`;

console.log(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="14" role="img" aria-label="${escaped(title)}">
<rect width="${width}" height="${height}" fill="#fff"/>
<text x="${LEFT}" y="24" font-size="16" font-weight="600" fill="#27313a">${escaped(title)}</text>
${[...hours, ...rows, ...bars, ...legend].join('\n')}
</svg>`);

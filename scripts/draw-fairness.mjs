// Draws what people carry above or below the fair part, from the JSON of `watchbill fairness … --format json`:
// before, half a year later if the order goes on, and half a year later as planned. The picture of
// docs/fairness-proof.md, which has the commands that make the three files:
//   node scripts/draw-fairness.mjs before.json order.json planned.json > docs/fairness-proof.svg
import { readFileSync } from 'node:fs';

const SERIES = [
  { name: 'now', colour: '#868e96' },
  { name: 'in half a year, in order', colour: '#c2770b' },
  { name: 'in half a year, planned', colour: '#0b7285' },
];
const LEFT = 130;
const TOP = 86;
const LEGEND_LEFT = [16, 180, 460];
const BAR = 13;
const ROW = 3 * BAR + 20;
const WIDTH = 760;
const RIGHT = 50;

const files = process.argv.slice(2, 5);
if (files.length < 3) {
  process.stderr.write('Name three files: before, in order, planned.\n');
  process.exit(2);
}
const tables = files.map((file) => new Map(read(file).map((row) => [row.person, row.deviation])));
/** Who is in all three: people who have left carry nothing on. */
const going = new Set(process.argv.slice(5));
const people = [...tables[2].keys()].filter((person) => going.size === 0 || going.has(person)).sort();
const values = people.flatMap((person) => tables.map((table) => table.get(person) ?? 0));
const reach = Math.max(100, ...values.map(Math.abs)) * 1.08;
const height = TOP + people.length * ROW + 46;
const middle = LEFT + (WIDTH - LEFT - RIGHT) / 2;
const scale = (WIDTH - LEFT - RIGHT) / 2 / reach;

function read(file) {
  return JSON.parse(readFileSync(file, 'utf8')).people;
}

function escaped(words) {
  return words.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

function signed(value) {
  const size = Math.round(Math.abs(value));
  if (size === 0) return '0';
  return `${value < 0 ? '−' : '+'}${size}`;
}

function range(table) {
  const own = people.map((person) => table.get(person) ?? 0);
  return Math.round(Math.max(...own) - Math.min(...own));
}

function bars(person, row) {
  const y = TOP + row * ROW;
  const parts = tables.map((table, k) => {
    const value = table.get(person) ?? 0;
    const size = Math.abs(value) * scale;
    const x = value < 0 ? middle - size : middle;
    const beyond =
      value < 0 ? `x="${(x - 5).toFixed(1)}" text-anchor="end"` : `x="${(x + size + 5).toFixed(1)}"`;
    const top = y + k * BAR;
    return (
      `<rect x="${x.toFixed(1)}" y="${top}" width="${size.toFixed(1)}" height="${BAR - 2}" fill="${SERIES[k].colour}"/>` +
      `<text ${beyond} y="${top + 10}" font-size="11" fill="#495057">${signed(value)}</text>`
    );
  });
  return `<text x="16" y="${y + ROW / 2 - 4}" fill="#212529">${escaped(person)}</text>${parts.join('')}`;
}

const legend = SERIES.map(({ name, colour }, k) => {
  const x = LEGEND_LEFT[k];
  return (
    `<rect x="${x}" y="44" width="12" height="12" fill="${colour}"/>` +
    `<text x="${x + 18}" y="54" fill="#495057">${name}: spread ${range(tables[k])}</text>`
  );
});

process.stdout.write(
  `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="system-ui, sans-serif" font-size="13">`,
    `<rect width="${WIDTH}" height="${height}" rx="10" fill="#fff"/>`,
    '<text x="16" y="28" font-size="16" font-weight="600" fill="#212529">Burden-hours above or below the fair part</text>',
    ...legend,
    `<line x1="${middle}" y1="${TOP - 10}" x2="${middle}" y2="${height - 40}" stroke="#adb5bd"/>`,
    ...people.map(bars),
    `<text x="${middle}" y="${height - 18}" text-anchor="middle" fill="#868e96">0 is the fair part; a week on call weighs 340</text>`,
    '</svg>',
  ].join('\n')}\n`,
);

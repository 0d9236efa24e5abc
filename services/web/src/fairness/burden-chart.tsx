import { signed } from '../pages/file.tsx';
import { ScrollX } from '../parts/scroll-x.tsx';
import { useWidth } from '../parts/use-width.ts';
import { plansText } from '../text/plans.ts';
import { type BurdenLine, piecesOf, SHARES, sharesOf } from './burden-shares.ts';
import '../style/fairness.css';

const words = plansText.burden;
const ROW = 30;
const BAR = 20;
const LABEL = 128;
const TAIL = 64;

export interface BurdenProps {
  readonly lines: readonly BurdenLine[];
  readonly nameOf: (person: string) => string;
}

/** Who stands how much of what: bars and the same as a table. */
export function Burden({ lines, nameOf }: BurdenProps) {
  const [box, width] = useWidth<HTMLDivElement>(720);
  const sorted = [...lines].sort((a, b) => nameOf(a.person).localeCompare(nameOf(b.person)));
  if (sorted.length === 0) return <p className="quiet">{words.none}</p>;
  return (
    <>
      <p className="quiet">{words.lead}</p>
      <ul className="legend">
        {SHARES.map((share) => (
          <li key={share}>
            <svg width="14" height="14" aria-hidden="true">
              <rect className={`share ${share}`} width="14" height="14" rx="3" />
            </svg>{' '}
            {words.classes[share]}
          </li>
        ))}
      </ul>
      <div ref={box} className="burden-box">
        <Bars lines={sorted} nameOf={nameOf} width={width} />
      </div>
      <BurdenTable lines={sorted} nameOf={nameOf} />
    </>
  );
}

function Bars({ lines, nameOf, width }: BurdenProps & { readonly width: number }) {
  const most = Math.max(...lines.map(({ hours }) => hours));
  const height = lines.length * ROW;
  const room = Math.max(40, width - LABEL - TAIL);
  return (
    <svg
      role="img"
      aria-label={words.chart(lines.map(({ person }) => nameOf(person)).join(', '))}
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
    >
      {lines.map((line, row) => (
        <g key={line.person} transform={`translate(0 ${row * ROW})`}>
          <text className="name" x={0} y={BAR - 4}>
            {short(nameOf(line.person))}
          </text>
          {piecesOf(line, most, room).map(({ share, x, width: wide }) => (
            <rect key={share} className={`share ${share}`} x={LABEL + x} y={2} width={wide} height={BAR} />
          ))}
          <text className="amount" x={LABEL + (most > 0 ? (line.hours / most) * room : 0) + 6} y={BAR - 4}>
            {Math.round(line.hours)} h
          </text>
        </g>
      ))}
    </svg>
  );
}

const MAX_NAME = 16;

function short(name: string): string {
  return name.length <= MAX_NAME ? name : `${name.slice(0, MAX_NAME - 1)}…`;
}

function BurdenTable({ lines, nameOf }: BurdenProps) {
  const { columns, classes } = words;
  const counted = [columns.nights, columns.weekends, columns.holidays];
  const head = [
    ...[columns.person, columns.burden, columns.deviation],
    ...SHARES.map((share) => `${classes[share]}, h`),
    ...counted.map((name) => `${name}, number`),
  ];
  return (
    <ScrollX label={plansText.table(words.title)}>
      <table>
        <thead>
          <tr>
            {head.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <tr key={line.person}>
              <th scope="row">{nameOf(line.person)}</th>
              <td>{Math.round(line.burden)}</td>
              <td>{signed(line.deviation)}</td>
              {Object.entries(sharesOf(line)).map(([share, hours]) => (
                <td key={share}>{Math.round(hours * 10) / 10}</td>
              ))}
              <td>{line.nights}</td>
              <td>{line.weekends}</td>
              <td>{line.holidays}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollX>
  );
}

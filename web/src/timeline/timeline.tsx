// The day as lanes, one for each carer. A grid for keyboard and screen reader: rows are carers, cells are
// visits; the same is in the table beside it. Ways, waiting and breaks are drawn and not focused.
import { memo } from '../memo';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { DayPlan, Lane, Piece, Placed } from '../model/day';
import { clock } from '../model/clock';
import { chosen, chosenLane } from '../state';
import { moving, others } from '../change/move';
import { dragging } from '../change/drag';
import { number, words, type Words } from '../words';
import { lines, scaleOf, x, ZOOMS, type Scale } from './scale';
import { walk } from './keys';

/** The carers' names stand in so many pixels. */
const NAMES = 150;

/** Pixels for a minute with which a day begins, unless the whole day has room for more. */
const READABLE = 1.2;

/** A letter on a visit takes about so many pixels, and what stands around them so many more. */
const [LETTER, AROUND] = [6.5, 10];

export function Timeline({ day }: { day: DayPlan }) {
  const w = words.value;
  const box = useRef<HTMLDivElement>(null);
  const [room, setRoom] = useState(0);
  const [zoom, setZoom] = useState<number | null>(null);
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const look = new ResizeObserver(() => setRoom(element.clientWidth));
    look.observe(element);
    setRoom(element.clientWidth);
    return () => look.disconnect();
  }, []);
  const whole = Math.max((room - NAMES - 8) / (day.to - day.from), 0.2);
  const scale = scaleOf(day.from, day.to, zoom ?? Math.max(whole, READABLE));
  const step = (up: boolean): void => {
    const next = up ? ZOOMS.find((one) => one > scale.perMinute + 0.01) : ZOOMS.findLast((one) => one < scale.perMinute - 0.01);
    setZoom(next === undefined || next < whole ? whole : next);
  };
  const asked = chosen.value;
  const at = moving.value;
  useEffect(() => { if (box.current !== null) walk.attach(box.current); }, []);
  useEffect(() => walk.drawn(), [day]);
  useLayoutEffect(() => { if (box.current !== null) keepOffNames(box.current); }, [at?.visit ?? asked, scale.perMinute]);
  return (
    <section class="timeline-box" aria-label={w.timeline}>
      <div class="bar">
        <Legend />
        <span class="spring" />
        <span class="zoom" role="group" aria-label={w.zoom}>
          <button type="button" class="plain" aria-label={`${w.zoom} −`} onClick={() => step(false)} disabled={scale.perMinute <= whole}>−</button>
          <button type="button" class="plain" aria-label={`${w.zoom} +`} onClick={() => step(true)} disabled={scale.perMinute >= 6}>+</button>
        </span>
      </div>
      <p id="timeline-help" class="for-ears">{w.timelineHelp}</p>
      <div class="timeline" ref={box} role="grid" aria-label={w.timeline} aria-rowcount={day.lanes.length}
        aria-describedby="timeline-help" onKeyDown={(event) => walk.key(event, day)}
        onScroll={(event) => keepOffNames(event.currentTarget)} onClick={(event) => walk.click(event)} onFocusIn={(event) => walk.focus(event)} onFocusOut={(event) => walk.blur(event)}
        onPointerDown={(event) => dragging.begin(event, day, scale)}>
        <Hours scale={scale} />
        <div class="lanes" role="rowgroup" style={{ width: `${NAMES + scale.width}px` }}>
          <Windows day={day} scale={scale} id={at?.visit ?? asked} />
          {day.lanes.map((lane, index) => (
            <LaneRow key={lane.carer} lane={lane} row={index + 1} scale={scale} w={w}
              asked={asked !== null && lane.visits.some((visit) => visit.id === asked) ? asked : null}
              isOnMap={chosenLane.value === lane.number}
              target={at !== null && at.carer === lane.carer ? at.index : null}
              isMoved={at !== null && lane.visits.some((visit) => visit.id === at.visit) ? at.visit : null} />
          ))}
        </div>
      </div>
    </section>
  );
}

function Legend() {
  const w = words.value;
  return (
    <ul class="legend" aria-label={w.legend}>
      <li><i class="swatch visit normal" />{w.pieces.visit}</li>
      <li><i class="swatch visit time-critical" />{w.criticalities['time-critical']}</li>
      <li><i class="swatch visit optional" />{w.criticalities.optional}</li>
      <li><i class="swatch travel" />{w.pieces.travel}</li>
      <li><i class="swatch wait" />{w.pieces.wait}</li>
      <li><i class="swatch break" />{w.pieces.break}</li>
      <li><i class="swatch late">+</i>{w.kpi.late}</li>
    </ul>
  );
}

function Hours({ scale }: { scale: Scale }) {
  return (
    <div class="hours" aria-hidden="true" style={{ width: `${NAMES + scale.width}px` }}>
      {[...lines(scale)].map(({ at, isHour }) => (
        <span key={at} class={isHour ? 'hour' : 'half'} style={{ left: `${NAMES + x(scale, at)}px` }}>{isHour ? clock(at) : ''}</span>
      ))}
    </div>
  );
}

/** Windows lie above the lanes, and go behind the carers' names that stay where they are. */
function keepOffNames(timeline: HTMLElement): void {
  for (const window of timeline.querySelectorAll<HTMLElement>('.window')) {
    const behind = timeline.scrollLeft + NAMES - window.offsetLeft;
    window.style.clipPath = behind > 0 ? `inset(0 0 0 ${behind}px)` : '';
  }
}

/** When the visit may begin that is asked about or moved. */
function Windows({ day, scale, id }: { day: DayPlan; scale: Scale; id: string | null }) {
  const windows = id === null ? [] : day.where.get(id)?.[0]?.visit.windows ?? day.left.find((left) => left.id === id)?.windows ?? [];
  return windows.map((window) => {
    const [from, to] = [Math.max(window.earliest, scale.from), Math.min(window.latest, scale.to)];
    const [left, width] = [NAMES + x(scale, from), Math.max((to - from) * scale.perMinute, 2)];
    return <div key={from} class="window" aria-hidden="true" style={{ left: `${left}px`, width: `${width}px` }} />;
  });
}

interface Row {
  lane: Lane;
  row: number;
  scale: Scale;
  w: Words;
  asked: string | null;
  isOnMap: boolean;
  /** Before which visit of this lane the moved one would come. */
  target: number | null;
  isMoved: string | null;
}

const same = (one: Row, other: Row): boolean =>
  one.lane === other.lane && one.row === other.row && one.w === other.w && one.asked === other.asked
  && one.isOnMap === other.isOnMap && one.target === other.target && one.isMoved === other.isMoved
  && one.scale.perMinute === other.scale.perMinute && one.scale.from === other.scale.from && one.scale.to === other.scale.to;

const LaneRow = memo(function LaneRow({ lane, row, scale, w, asked, isOnMap, target, isMoved }: Row) {
  const late = lane.visits.filter((visit) => visit.late > 0).length;
  return (
    <div class={`lane${isOnMap ? ' on-map' : ''}`} role="row" aria-rowindex={row} data-carer={lane.carer}
      style={{ width: `${NAMES + scale.width}px` }}>
      <div class="who" role="rowheader" aria-label={w.laneOf(lane.carer, lane.visits.length, w.modes[lane.mode])}>
        <button type="button" tabIndex={-1} class="plain carer" data-lane={lane.number} aria-pressed={isOnMap}>
          <b>{lane.carer}</b>
          <span>{w.modes[lane.mode]} · {lane.visits.length}{late > 0 && <em> · {late} +</em>}</span>
        </button>
      </div>
      <div class="track" role="presentation" data-carer={lane.carer}>
        <i class="shift" style={{ left: `${x(scale, lane.shift.from)}px`, width: `${(lane.shift.to - lane.shift.from) * scale.perMinute}px` }} />
        {lane.pieces.map((piece) => <Stretch key={`${piece.kind}${piece.from}`} piece={piece} scale={scale} w={w} />)}
        {lane.visits.map((visit) => (
          <Visit key={visit.id} visit={visit} scale={scale} w={w}
            isAsked={visit.id === asked} isMoved={visit.id === isMoved} />
        ))}
        {target !== null && <i class="target" style={{ left: `${x(scale, gapAt(lane, target, isMoved))}px` }} />}
      </div>
    </div>
  );
}, same);

/** Where the gap before one of the visits that stay is. */
const gapAt = (lane: Lane, index: number, moved: string | null): number => {
  const visits = others(lane, moved ?? '');
  const [before, after] = [visits[index - 1], visits[index]];
  return after === undefined ? (before?.end ?? lane.from) + 3 : before === undefined ? after.start - 3 : (before.end + after.start) / 2;
};

function Stretch({ piece, scale, w }: { piece: Piece; scale: Scale; w: Words }) {
  const width = (piece.to - piece.from) * scale.perMinute;
  const label = `${w.pieces[piece.kind]} ${clock(piece.from)}–${clock(piece.to)}`;
  return (
    <i class={`piece ${piece.kind}`} title={label} style={{ left: `${x(scale, piece.from)}px`, width: `${width}px` }}>
      {piece.kind === 'break' && width > 38 ? w.pieces.break : ''}
    </i>
  );
}

interface VisitProps { visit: Placed; scale: Scale; w: Words; isAsked: boolean; isMoved: boolean }

function Visit({ visit, scale, w, isAsked, isMoved }: VisitProps) {
  const width = Math.max((visit.end - visit.start) * scale.perMinute, 4);
  const late = visit.late >= 0.5;
  const classes = ['visit', visit.criticality, late && 'late', visit.together.length > 0 && 'double', visit.pinned && 'pinned',
    isAsked && 'asked', isMoved && 'moved'].filter(Boolean).join(' ');
  const more = [
    visit.criticality === 'normal' ? '' : w.criticalities[visit.criticality],
    late ? w.lateBy(number(visit.late)) : '',
    visit.together.length > 0 ? w.together(visit.together.join(', ')) : '',
    visit.pinned ? w.pinned : '',
  ].filter((part) => part !== '').map((part) => `, ${part}`).join('');
  const label = w.visitLabel(visit.patient, clock(visit.start), clock(visit.end), more);
  return (
    <div class={classes} role="gridcell" tabIndex={-1} data-visit={visit.id} data-late={late ? `+${number(visit.late)}` : undefined} aria-selected={isAsked}
      aria-label={label} title={label} style={{ left: `${x(scale, visit.start)}px`, width: `${width}px` }}>
      {width > visit.patient.length * LETTER + AROUND && <span aria-hidden="true">{visit.patient}</span>}
    </div>
  );
}

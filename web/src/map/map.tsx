// The map beside the timeline: where the visits are, and the way of the carer one looks at, along the
// roads. Says nothing that the table does not say. MapLibre is fetched only when there are tiles to show.
import { useEffect, useRef, useState } from 'preact/hooks';
import { effect } from '@preact/signals';
import type { Drawn } from './drawn';
import type { DayPlan } from '../model/day';
import { chosen, chosenLane, chosenPlaced, planId, tried } from '../state';
import { ways } from '../api/service';
import { isDark } from '../style/mode';
import { words } from '../words';

const TILES = '/v1/map/tiles.pmtiles';

export function DayMap({ day }: { day: DayPlan }) {
  const w = words.value;
  const box = useRef<HTMLDivElement>(null);
  const [drawn, setDrawn] = useState<Drawn | null>(null);
  const [isMissing, setMissing] = useState(false);
  const mode = isDark.value;
  const number = chosenLane.value ?? chosenPlaced.value?.lane.number ?? null;
  const id = planId.value;
  useEffect(() => {
    let gone = false;
    let made: Drawn | null = null;
    void (async () => {
      const there = await fetch(TILES, { method: 'HEAD' }).then((answer) => answer.ok, () => false);
      if (gone || box.current === null) return;
      if (!there) return setMissing(true);
      const { draw } = await import('./drawn');
      if (gone || box.current === null) return;
      made = await draw(box.current, TILES, mode, (visit) => { chosen.value = visit; });
      if (gone) made.remove();
      else setDrawn(made);
    })().catch(() => setMissing(true)); // A browser that cannot draw it: the table says all that it would.
    return () => { gone = true; setDrawn(null); made?.remove(); };
  }, [mode]);
  useEffect(() => { drawn?.showDay(day); }, [drawn, day]);
  useEffect(() => {
    if (drawn === null) return undefined;
    return effect(() => drawn.choose(chosen.value));
  }, [drawn]);
  useEffect(() => {
    if (drawn === null || id === null) return undefined;
    const asked = new AbortController();
    drawn.showLane(day, number, null);
    if (number !== null) {
      void tried(async () => {
        const lines = await ways(id, number);
        if (!asked.signal.aborted) drawn.showLane(day, number, lines);
      });
    }
    return () => asked.abort();
  }, [drawn, id, day, number]);
  return (
    <section class={`map${isMissing ? ' none' : ''}`} aria-label={w.map}>
      <div ref={box} class="canvas" />
      {isMissing && <p class="quiet">{w.noMap}</p>}
      <label class="choice of-lane">
        <span class="for-ears">{w.map}</span>
        <select value={number ?? ''} onChange={(event) => {
          chosenLane.value = event.currentTarget.value === '' ? null : Number(event.currentTarget.value);
        }}>
          <option value="">{w.allWays}</option>
          {day.lanes.map((lane) => <option key={lane.carer} value={lane.number}>{w.wayOf(lane.carer)}</option>)}
        </select>
      </label>
      <p class="for-ears">{w.mapLead}</p>
    </section>
  );
}

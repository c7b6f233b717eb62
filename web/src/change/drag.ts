// Moving a visit with the pointer: it follows, and the place under it is tried. Let go where nothing is
// broken, it is moved; where something is, the card stays and tells what.
import type { DayPlan } from '../model/day';
import { minuteAt, type Scale } from '../timeline/scale';
import { acceptMove, indexAt, moveTo, startMove, stopMoving } from './move';

/** So far the pointer goes before it is a drag and no click. */
const THRESHOLD = 5;

/** A picture of the visit that follows the pointer; a lane draws nothing outside itself. */
function ghostOf(visit: HTMLElement): HTMLElement {
  const ghost = visit.cloneNode(true) as HTMLElement;
  const { left, top, width } = visit.getBoundingClientRect();
  for (const { name } of [...ghost.attributes]) if (name !== 'class') ghost.removeAttribute(name);
  ghost.classList.add('ghost');
  ghost.setAttribute('aria-hidden', 'true');
  Object.assign(ghost.style, { left: `${left}px`, top: `${top}px`, width: `${width}px` });
  visit.closest('.timeline')?.append(ghost);
  return ghost;
}

export const dragging = {
  begin(down: PointerEvent, day: DayPlan, scale: Scale): void {
    const visit = (down.target as Element).closest<HTMLElement>('[data-visit]');
    const id = visit?.dataset['visit'];
    const carer = visit?.closest<HTMLElement>('[role=row]')?.dataset['carer'];
    const placed = id === undefined ? undefined : day.where.get(id)?.find(({ lane }) => lane.carer === carer)?.visit;
    if (visit === null || placed === undefined || carer === undefined || down.button !== 0) return;
    const grip = down.clientX - visit.getBoundingClientRect().left;
    let ghost: HTMLElement | null = null;

    const follow = (move: PointerEvent): void => {
      const [right, below] = [move.clientX - down.clientX, move.clientY - down.clientY];
      if (ghost === null) {
        if (Math.hypot(right, below) < THRESHOLD) return;
        ghost = ghostOf(visit);
        startMove(day, placed.id, placed.patient, carer);
      }
      ghost.style.transform = `translate(${right}px, ${below}px)`;
      const under = document.elementsFromPoint(move.clientX, move.clientY)
        .map((element) => element.closest<HTMLElement>('.track')).find((track) => track !== null);
      const lane = day.lanes.find((one) => one.carer === under?.dataset['carer']);
      if (under === undefined || lane === undefined) return;
      const start = minuteAt(scale, move.clientX - grip - under.getBoundingClientRect().left);
      moveTo(day, lane.carer, indexAt(lane, placed.id, start));
    };
    const end = (up: Event): void => {
      removeEventListener('pointermove', follow);
      removeEventListener('pointerup', end);
      removeEventListener('pointercancel', end);
      if (ghost === null) return;
      ghost.remove();
      // What follows a drag is no click.
      addEventListener('click', (click) => { click.stopPropagation(); }, { capture: true, once: true });
      if (up.type === 'pointercancel') stopMoving();
      else void acceptMove(day);
    };
    addEventListener('pointermove', follow);
    addEventListener('pointerup', end);
    addEventListener('pointercancel', end);
  },
};

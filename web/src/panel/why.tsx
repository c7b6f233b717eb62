// Why a visit is where it is and who else could make it at what cost; or why nobody makes it, and what
// would let it in. What the service has tried can be taken with one press.
import { useEffect, useState } from 'preact/hooks';
import type { Alternative, Explanation, Fit } from '../api/contract';
import * as service from '../api/service';
import { goOnWith } from '../change/history';
import { clock, minutesOf } from '../model/clock';
import type { DayPlan } from '../model/day';
import { announced, may, planId, tried } from '../state';
import { language, said, signed, words } from '../words';

/** So many of those who could are shown at once. */
const FEW = 4;
/** Milliseconds that one looks at a visit before it is asked about. */
const PAUSE = 120;

export function Why({ day, visit, patient }: { day: DayPlan; visit: string; patient: string }) {
  const w = words.value;
  const plan = planId.value;
  const [told, setTold] = useState<Explanation | null>(null);
  const [isUnanswered, setUnanswered] = useState(false);
  const [times, setTimes] = useState(0);
  useEffect(() => {
    let gone = false;
    setTold(null);
    setUnanswered(false);
    if (plan === null) return undefined;
    // Who goes from visit to visit has only the last one looked into.
    const later = setTimeout(async () => {
      const answer = await tried(() => service.explanation(plan, visit));
      if (gone) return;
      setTold(answer ?? null);
      setUnanswered(answer === undefined);
    }, PAUSE);
    return () => { gone = true; clearTimeout(later); };
  }, [plan, visit, times]);
  if (isUnanswered) return <p class="quiet">{w.unanswered} <button type="button" class="plain" onClick={() => setTimes(times + 1)}>{w.again}</button></p>;
  if (told === null) return <p class="quiet" aria-busy="true">{w.busy}</p>;
  const take = (carers: string[]): void => {
    if (plan === null) return;
    void tried(async () => {
      await goOnWith(await service.revise(plan, [{ visit, carers }]));
      announced.value = w.moved(patient, carers.join(', '));
    });
  };
  return told.state === 'assigned'
    ? <Others alternatives={told.alternatives} seats={told.seats.map((seat) => seat.carer)} take={take} />
    : <WhatItTakes told={told} day={day} take={take} />;
}

interface Takes { take: (carers: string[]) => void }

function Others({ alternatives, seats, take }: { alternatives: Alternative[]; seats: string[] } & Takes) {
  const w = words.value;
  const [isLong, setLong] = useState(false);
  const can = alternatives.filter((one) => one.difference !== undefined)
    .sort((one, other) => (one.difference?.cost ?? 0) - (other.difference?.cost ?? 0));
  const cannot = alternatives.filter((one) => one.difference === undefined);
  const carers = (one: Alternative): string[] =>
    one.insteadOf === undefined ? [one.carer] : seats.map((seat) => (seat === one.insteadOf ? one.carer : seat));
  return (
    <div class="why">
      <h3>{w.whoElse}</h3>
      {can.length === 0 ? <p class="quiet">{w.nobodyElse}</p> : (
        <ul>
          {(isLong ? can : can.slice(0, FEW)).map((one) => (
            <li key={`${one.carer} ${one.insteadOf ?? ''}`}>
              <span><b>{one.carer}</b>{one.insteadOf !== undefined && seats.length > 1 && ` (${one.insteadOf})`} <b class="cost">{signed(one.difference?.cost ?? 0)}</b></span>
              <span class="quiet">{said(one)}</span>
              {may('plans:run') && (
                <button type="button" class="plain" aria-label={w.moveTo(one.carer)} onClick={() => take(carers(one))}>{w.move}</button>
              )}
            </li>
          ))}
        </ul>
      )}
      {isLong && cannot.length > 0 && (
        <ul>{cannot.map((one) => (
          <li key={`${one.carer} ${one.insteadOf ?? ''}`}><span><b>{one.carer}</b></span><span class="quiet">{said(one)}</span></li>
        ))}</ul>
      )}
      {(can.length > FEW || cannot.length > 0) && (
        <button type="button" class="plain" aria-expanded={isLong} onClick={() => setLong(!isLong)}>
          {isLong ? w.fewer : can.length > FEW ? w.more(alternatives.length - FEW) : w.whyNot(cannot.length)}
        </button>
      )}
    </div>
  );
}

function WhatItTakes({ told, day, take }: { told: Extract<Explanation, { state: 'unassigned' }>; day: DayPlan } & Takes) {
  const w = words.value;
  return (
    <div class="why">
      {told.fits !== undefined && <FitsNow fit={told.fits} day={day} take={take} />}
      {told.wouldFit.length > 0 && (
        <>
          <h3>{w.wouldFit}</h3>
          <ul>{told.wouldFit.map((one) => (
            <li key={one.change}><span>{language.value === 'en' ? one.change : one.changeNb}</span></li>
          ))}</ul>
        </>
      )}
    </div>
  );
}

function FitsNow({ fit, day, take }: { fit: Fit; day: DayPlan } & Takes) {
  const w = words.value;
  return (
    <p>
      {fit.seats.map((seat) => `${clock(minutesOf(day.day, seat.start))} ${seat.carer}`).join(', ')}: <b>{signed(fit.difference.cost)}</b>
      {' '}{said(fit.difference)}
      {may('plans:run') && (
        <button type="button" class="plain" onClick={() => take(fit.seats.map((seat) => seat.carer))}>{w.moveHere}</button>
      )}
    </p>
  );
}

// The page around its screens: who is logged in, which day, which language; what a screen reader is told.
import { useEffect } from 'preact/hooks';
import { logOut } from './api/service';
import { dayAfter } from './model/clock';
import { address, route, type Route } from './route';
import { LogIn } from './screen/login';
import { ByHandScreen } from './screen/byhand';
import { CompareScreen } from './screen/compare';
import { DayScreen } from './screen/day';
import { SettingsScreen } from './screen/settings';
import { SheetScreen, SheetsScreen } from './screen/sheets';
import { announced, isOffline, openDay, session, shift, tried, trouble } from './state';
import type { Shift } from './api/contract';
import { language, languages, longDay, words, type Language } from './words';

export function App() {
  const w = words.value;
  const at = route.value;
  const isOpen = session.value !== null && session.value !== undefined;
  useEffect(() => {
    if (isOpen && at.at === 'day') void openDay(at.day);
  }, [isOpen, at.at === 'day' ? at.day : '', shift.value]);
  useEffect(() => { document.title = titleOf(at, w.title); }, [at, w]);
  return (
    <>
      <a class="skip" href="#main" onClick={(event) => { event.preventDefault(); document.getElementById('main')?.focus(); }}>
        {w.skip}
      </a>
      <Top at={at} />
      <main id="main" tabIndex={-1}>
        {!(isOffline.value && at.at === 'list') && <Trouble />}
        {session.value === undefined ? <p class="quiet">{w.busy}</p> : isOpen || (isOffline.value && at.at === 'list') ? <Screen at={at} /> : <LogIn />}
      </main>
      <p class="for-ears" role="status" aria-live="polite">{announced.value}</p>
    </>
  );
}

const titleOf = (at: Route, title: string): string =>
  at.at === 'day' ? `${longDay(at.day)} – ${title}` : title;

function Screen({ at }: { at: Route }) {
  switch (at.at) {
    case 'day': return <DayScreen day={at.day} />;
    case 'lists': return <SheetsScreen plan={at.plan} />;
    case 'compare': return <CompareScreen plan={at.plan} other={at.other} />;
    case 'byhand': return <ByHandScreen plan={at.plan} />;
    case 'list': return <SheetScreen plan={at.plan} number={at.number} />;
    case 'settings': return <SettingsScreen />;
  }
}

function Top({ at }: { at: Route }) {
  const w = words.value;
  return (
    <header class="top">
      <a class="name" href="#/">{w.title}</a>
      {session.value !== null && session.value !== undefined && at.at === 'day' && <Days day={at.day} />}
      <span class="spring" />
      <label class="choice">
        <span class="for-ears">{w.languageChoice}</span>
        <select value={language.value} onChange={(event) => { language.value = event.currentTarget.value as Language; }}>
          {Object.entries(languages).map(([code, { language: name }]) => (
            <option key={code} value={code} lang={code}>{name}</option>
          ))}
        </select>
      </label>
      {session.value !== null && session.value !== undefined && (
        <span class="whose">
          <span>{session.value.unit}</span>
          <a class="plain" href={address({ at: 'settings' })}>{w.settings}</a>
          <button type="button" class="plain" onClick={() => void tried(async () => {
            await logOut();
            await caches.delete('work-lists');
            session.value = null;
          })}>{w.logOut}</button>
        </span>
      )}
    </header>
  );
}

function Days({ day }: { day: string }) {
  const w = words.value;
  const go = (to: string): void => { if (to !== '') location.hash = address({ at: 'day', day: to }); };
  return (
    <nav class="days" aria-label={w.day}>
      <a class="step" href={address({ at: 'day', day: dayAfter(day, -1) })} aria-label={w.dayBefore}>‹</a>
      <label class="date">
        <span>{longDay(day)}</span>
        <input type="date" value={day} aria-label={w.day} onChange={(event) => go(event.currentTarget.value)} />
      </label>
      <a class="step" href={address({ at: 'day', day: dayAfter(day, 1) })} aria-label={w.dayAfter}>›</a>
      <label class="choice">
        <span class="for-ears">{w.shift}</span>
        <select value={shift.value} onChange={(event) => { shift.value = event.currentTarget.value as Shift; }}>
          {(['day', 'evening', 'night'] as const).map((one) => <option key={one} value={one}>{w.shifts[one]}</option>)}
        </select>
      </label>
    </nav>
  );
}

function Trouble() {
  const problem = trouble.value;
  if (problem === null) return null;
  const isEnglish = language.value === 'en';
  return (
    <div class="note bad" role="alert">
      <p>{(isEnglish ? problem.en : problem.nb) || words.value.trouble}</p>
      {problem.errors.length > 0 && (
        <ul>{problem.errors.slice(0, 8).map((fault, index) => (
          <li key={index}><code>{fault.pointer ?? fault.visit ?? fault.carer}</code> {isEnglish ? fault.detail : fault.detailNb}</li>
        ))}</ul>
      )}
      <button type="button" class="plain" onClick={() => { trouble.value = null; }}>{words.value.close}</button>
    </div>
  );
}

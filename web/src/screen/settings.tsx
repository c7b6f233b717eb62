// What a bydel settles by itself, in words, with what it does to the plan on the screen: weights, promises,
// limits and buffers, how fast people are, what their skills count as, how long they may work. Saving makes
// a new version; who changed what, and when, stays to be read.
import { useEffect, useState } from 'preact/hooks';
import type { Profile, VisitList, Weights } from '../api/contract';
import * as service from '../api/service';
import { address } from '../route';
import { amountIn, GROUPS, rangeOf, settledBy, unitOf, waitingIsTooDear, weightsOf, type Figures, type Settled } from '../settings/figures';
import { SkillsTable } from '../settings/skills';
import { Versions } from '../settings/versions';
import { WeighingPanel } from '../settings/weighing';
import { announced, list, may, openedDay, plan, planId, tried } from '../state';
import { number, words } from '../words';

const NOTHING: Settled = { figures: new Map(), skills: new Map() };

/** The skills that the list on the screen speaks of. */
const skillsOf = (told: VisitList | null): string[] => [...new Set([
  ...(told?.carers ?? []).flatMap((carer) => carer.skills ?? []),
  ...(told?.visits ?? []).flatMap(({ skills }) => [...skills?.allOf ?? [], ...skills?.anyOf ?? []]),
])];

export function SettingsScreen() {
  const w = words.value;
  const [known, setKnown] = useState<Profile[]>([]);
  const [at, setAt] = useState('standard');
  const [name, setName] = useState('');
  const [settled, setSettled] = useState(NOTHING);
  const standard: Weights = known.find((one) => one.name === 'standard')?.weights ?? {};
  const isFixed = known.find((one) => one.name === at)?.version === 0;
  const mayChange = may('plans:publish');
  const open = (all: Profile[], show: string): void => {
    setAt(show);
    const weights = (of: string): Weights => all.find((one) => one.name === of)?.weights ?? {};
    setSettled(settledBy(weights(show), weights('standard')));
  };
  const read = async (show: string): Promise<void> => {
    const { profiles: all } = await service.profiles();
    setKnown(all);
    open(all, show);
  };
  useEffect(() => { void tried(() => read('standard')); }, []);
  const isWrong = waitingIsTooDear(settled.figures);
  const save = (event: Event): void => {
    event.preventDefault();
    const own = isFixed ? name : at;
    const version = known.find((one) => one.name === own)?.version ?? 0;
    void tried(async () => {
      await service.setProfile(own, version, weightsOf(settled));
      await read(own);
      announced.value = w.saved;
    });
  };
  const history = known.filter((one) => one.name === at && one.version > 0);
  return (
    <div class="settings">
      <div class="bar">
        {openedDay.value !== '' && <a class="plain" href={address({ at: 'day', day: openedDay.value })}>‹ {w.day}</a>}
        <h1>{w.settings}</h1>
      </div>
      <p>{w.settingsLead}</p>
      <div class="columns">
        <form onSubmit={save}>
          <div class="panel">
            <div class="fields">
              <label>{w.profile}
                <select value={at} onChange={(event) => open(known, event.currentTarget.value)}>
                  {[...new Set(known.map((one) => one.name))].map((one) => <option key={one} value={one}>{one}</option>)}
                </select>
              </label>
              {isFixed && mayChange && (
                <label>{w.ownName}
                  <input type="text" required pattern="[a-z0-9\-]{1,40}" maxLength={40} value={name} title={w.profileHelp}
                    onInput={(event) => setName(event.currentTarget.value)} />
                </label>
              )}
            </div>
            {isFixed && <p class="quiet">{w.fixedProfile}</p>}
          </div>
          {GROUPS.map(({ key, paths }) => (
            <Group key={key} name={key} paths={paths} figures={settled.figures} isWrong={isWrong}
              change={(path, figure) => setSettled({ ...settled, figures: new Map(settled.figures).set(path, figure) })} />
          ))}
          <section class="panel" aria-labelledby="group-skills">
            <h2 id="group-skills">{w.groups.skills}</h2>
            <p class="quiet">{w.groupLeads.skills}</p>
            <SkillsTable skills={settled.skills} known={skillsOf(list.value)}
              change={mayChange ? (skills) => setSettled({ ...settled, skills }) : null} />
          </section>
          {mayChange && (
            <div class="save"><button type="submit" class="pkt-btn pkt-btn--small pkt-btn--primary" disabled={isWrong}>{w.save}</button></div>
          )}
        </form>
        <div class="side">
          {plan.value === null || planId.value === null ? <p class="quiet panel">{w.noPlanForEffect}</p>
            : <WeighingPanel id={planId.value} plan={plan.value} weights={isWrong || settled === NOTHING ? null : weightsOf(settled)} />}
          {history.length > 0 && <Versions history={history} standard={standard} />}
        </div>
      </div>
    </div>
  );
}

interface OfGroup {
  name: typeof GROUPS[number]['key'];
  paths: readonly string[];
  figures: Figures;
  isWrong: boolean;
  change: (path: string, figure: number) => void;
}

function Group({ name, paths, figures, isWrong, change }: OfGroup) {
  const w = words.value;
  const isTold = plan.value !== null && paths.some((path) => inPlan(path, 0) !== '');
  return (
    <section class="panel" aria-labelledby={`group-${name}`}>
      <h2 id={`group-${name}`}>{w.groups[name]}</h2>
      <p class="quiet">{w.groupLeads[name]}</p>
      <table class="pkt-table pkt-table--compact pkt-table--basic">
        <thead><tr><th scope="col">{w.what}</th><th scope="col">{w.value}</th>{isTold && <th scope="col">{w.inThePlan}</th>}</tr></thead>
        <tbody>
          {paths.map((path) => (
            <tr key={path}>
              <th scope="row" id={`weight-${path}`}>{w.weightNames[path] ?? path}</th>
              <td><label class="choice">
                <input type="number" {...rangeOf(path)} required value={figures.get(path) ?? ''} aria-labelledby={`weight-${path}`}
                  aria-invalid={isWrong && path === 'waiting'} aria-describedby={isWrong && path === 'waiting' ? 'waiting-wrong' : undefined}
                  onInput={(event) => { if (event.currentTarget.validity.valid) change(path, Number(event.currentTarget.value)); }} />
                <span>{w.units[unitOf(path)]}</span>
              </label>
              {isWrong && path === 'waiting' && <p id="waiting-wrong" class="wrong" role="alert">{w.waitingTooDear}</p>}</td>
              {isTold && <td>{inPlan(path, figures.get(path) ?? 0)}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** How much of it there is in the plan on the screen, and what that weighs. */
function inPlan(path: string, figure: number): string {
  const w = words.value;
  const amount = plan.value === null ? null : amountIn(plan.value, path);
  if (amount === null) return '';
  if (unitOf(path) !== 'weight') return w.minutes(number(amount));
  return w.makesWeighted(path === 'optionalLeftOut' ? w.visits(amount) : w.minutes(number(amount)), number(amount * figure));
}

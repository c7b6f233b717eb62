// What weighs how much when plans are made, in words, with what each weight comes to in the plan on the
// screen. Saving makes a new version; who made each, and when, stays to be read.
import { useEffect, useState } from 'preact/hooks';
import type { Plan, Profile, Weights } from '../api/contract';
import * as service from '../api/service';
import { address } from '../route';
import { announced, may, openedDay, plan, tried } from '../state';
import { moment, number, words } from '../words';

/** Each figure under its path: `late.normal`. */
function flat(weights: Weights, under = ''): [string, number][] {
  return Object.entries(weights).flatMap(([name, weight]): [string, number][] =>
    typeof weight === 'number' ? [[under + name, weight]] : flat(weight, `${under}${name}.`));
}

/** The figures put back where they stood. */
function nested(figures: Map<string, number>): Weights {
  const weights: Weights = {};
  for (const [path, weight] of figures) {
    const [name = '', part] = path.split('.');
    if (part === undefined) weights[name] = weight;
    else weights[name] = { ...(weights[name] as Weights | undefined), [part]: weight };
  }
  return weights;
}

/** How much of what a weight is for there is in a plan: minutes or visits; `null` where no figure tells. */
function amountIn(told: Plan, path: string): number | null {
  const { kpi } = told;
  const one = (name: string): number | null => (typeof kpi[name] === 'number' ? kpi[name] : null);
  const part = (name: string, of: string): number | null => (kpi[name] as Record<string, number> | undefined)?.[of] ?? null;
  switch (path) {
    case 'travel': return one('travelMinutes');
    case 'waiting': return one('waitingMinutes');
    case 'overtime': return one('overtimeMinutes');
    case 'optionalLeftOut': return part('unassigned', 'optional');
    case 'late.important': return part('lateMinutes', 'important');
    case 'late.normal': return part('lateMinutes', 'normal');
    case 'late.optional': return part('lateMinutes', 'optional');
    default: return null;
  }
}

export function SettingsScreen() {
  const w = words.value;
  const [known, setKnown] = useState<Profile[]>([]);
  const [at, setAt] = useState('standard');
  const [name, setName] = useState('');
  const [figures, setFigures] = useState(new Map<string, number>());
  const newest = known.find((one) => one.name === at);
  const isFixed = newest?.version === 0;
  const read = async (show: string): Promise<void> => {
    const all = await service.profiles();
    setKnown(all);
    setAt(show);
    setFigures(new Map(flat(all.find((one) => one.name === show)?.weights ?? {})));
  };
  useEffect(() => { void tried(() => read('standard')); }, []);
  const save = (event: Event): void => {
    event.preventDefault();
    const own = isFixed ? name : at;
    const version = known.find((one) => one.name === own)?.version ?? 0;
    void tried(async () => {
      await service.setProfile(own, version, nested(figures));
      await read(own);
      announced.value = w.saved;
    });
  };
  const history = known.filter((one) => one.name === at && one.version > 0);
  return (
    <div class="settings">
      <div class="bar">
        {openedDay.value !== '' && <a class="plain" href={address({ at: 'day', day: openedDay.value })}>‹ {w.day}</a>}
        <h1>{w.weights}</h1>
      </div>
      <p>{w.weightsLead}</p>
      <form class="panel" onSubmit={save}>
        <div class="fields">
          <label>{w.profile}
            <select value={at} onChange={(event) => {
              const next = event.currentTarget.value;
              setAt(next);
              setFigures(new Map(flat(known.find((one) => one.name === next)?.weights ?? {})));
            }}>
              {[...new Set(known.map((one) => one.name))].map((one) => <option key={one} value={one}>{one}</option>)}
            </select>
          </label>
          {isFixed && may('plans:publish') && (
            <label>{w.ownName}
              <input type="text" required pattern="[a-z0-9\-]{1,40}" maxLength={40} value={name} title={w.profileHelp}
                onInput={(event) => setName(event.currentTarget.value)} />
            </label>
          )}
        </div>
        {isFixed && <p class="quiet">{w.fixedProfile}</p>}
        <table class="pkt-table pkt-table--compact pkt-table--basic">
          <thead><tr><th scope="col">{w.what}</th><th scope="col">{w.value}</th><th scope="col">{w.inThePlan}</th></tr></thead>
          <tbody>
            {[...figures].map(([path, weight]) => {
              const amount = plan.value === null ? null : amountIn(plan.value, path);
              const unit = path.startsWith('lateLimit') ? w.limitMinutes : w.asMinutes;
              return (
                <tr key={path}>
                  <th scope="row" id={`weight-${path}`}>{w.weightNames[path] ?? path}</th>
                  <td><label class="choice">
                    <input type="number" min={0} max={10000} step="any" required value={weight} aria-labelledby={`weight-${path}`}
                      onInput={(event) => setFigures(new Map(figures).set(path, Number(event.currentTarget.value)))} />
                    <span>{unit}</span>
                  </label></td>
                  <td>{amount !== null && w.makesWeighted(number(amount), number(amount * weight))}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
        {may('plans:publish') && <button type="submit" class="pkt-btn pkt-btn--small pkt-btn--primary">{w.save}</button>}
      </form>
      {history.length > 0 && (
        <section class="panel">
          <h2>{w.versions}</h2>
          <ul>{history.map((one) => (
            <li key={one.version}>{w.version(one.version)}: {one.changedBy}, {one.changed !== undefined && moment(one.changed)}</li>
          ))}</ul>
        </section>
      )}
    </div>
  );
}

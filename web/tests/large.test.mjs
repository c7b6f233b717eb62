// A day of 1,500 visits on the timeline: the demo's own plan, its lanes copied until there are as many.
// Drawing is what is measured; the service has its own benches.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, openPage, startDemo } from './stage.mjs';

const VISITS = 1500;
/** Within so many milliseconds the page shows what was done: of its processor's time, so that it does not matter who else works here. */
const SOON = 100;

let demo, browser, stage, page;

/** The plan and the list with every lane copied under other names. */
function copied(text) {
  const told = JSON.parse(text);
  const count = (lists) => lists.flatMap((list) => list.stops).filter((stop) => stop.kind === 'visit').length;
  const copies = Math.ceil(VISITS / 119);
  const again = (items, key) => Array.from({ length: copies }, (_, copy) => items.map((item) => ({ ...item, [key]: `${item[key]}.${copy}` }))).flat();
  if (told.workLists !== undefined) {
    const lists = again(told.workLists, 'carer');
    const each = told.workLists.length;
    told.workLists = lists.map((list, index) => ({
      ...list,
      stops: list.stops.map((stop) => stop.kind === 'visit' ? { ...stop, visit: `${stop.visit}.${Math.floor(index / each)}` } : stop),
    }));
    assert.ok(count(told.workLists) >= VISITS);
  } else {
    told.carers = again(told.carers, 'ref');
    told.visits = again(told.visits, 'id');
  }
  return JSON.stringify(told);
}

before(async () => {
  [demo, browser] = await Promise.all([startDemo(), launch()]);
  stage = await openPage(browser, demo, { serviceWorkers: 'block' });
  page = stage.page;
  await page.route(/\/v1\/(plans|visit-lists)\/[^/]+\/content$/, async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, body: copied(await answer.text()) });
  });
  // The service knows none of the copies.
  await page.route('**/moves', (route) => route.fulfill({ json: {
    difference: { travelMinutes: 0, waitingMinutes: 0, lateMinutes: 0, overtimeMinutes: 0, continuity: 0, cost: 0, detail: 'The same.', detailNb: 'Det samme.' },
    breaches: [], moved: [],
  } }));
});

after(async () => {
  await browser?.close();
  await demo?.stop();
});

/** Milliseconds that the page has had a processor for until what was done is drawn, the least of some tries. */
async function workUntilShown(act) {
  const devtools = await stage.context.newCDPSession(page);
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
  const busy = async () => {
    const { metrics } = await devtools.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'TaskDuration').value * 1000;
  };
  const took = [];
  for (let attempt = 0; attempt < 5; attempt += 1) {
    const began = await busy();
    await page.evaluate(act, attempt);
    await page.evaluate(() => new Promise((drawn) => { requestAnimationFrame(() => requestAnimationFrame(drawn)); }));
    took.push(await busy() - began);
  }
  await devtools.detach();
  return Math.min(...took);
}

test('1,500 visits scroll, are asked about, gone between and moved within a tenth of a second', async () => {
  await page.goto(demo.link);
  await page.getByRole('button', { name: 'Lag plan' }).click();
  await page.getByRole('button', { name: 'Start' }).click();
  await page.locator('.timeline .visit').first().waitFor();
  await page.getByRole('button', { name: 'Avbryt' }).click();
  assert.ok(await page.locator('.timeline .visit').count() >= VISITS);
  await page.waitForLoadState('networkidle');
  // The map has flown to where the visits are.
  await page.waitForTimeout(2000);
  const took = {
    scroll: await workUntilShown((attempt) => {
      document.querySelector('.timeline').scrollTo({ top: 700 * (attempt + 1), left: 60 * attempt });
    }),
    ask: await workUntilShown((attempt) => {
      document.querySelectorAll('.timeline .visit')[attempt * 40 + 3].click();
    }),
    walk: await workUntilShown((attempt) => {
      document.querySelectorAll('.timeline .visit')[attempt * 30 + 2].focus();
      document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowDown', bubbles: true, cancelable: true }));
    }),
    move: await workUntilShown((attempt) => {
      if (attempt === 0) document.querySelectorAll('.timeline .visit')[40].focus();
      const key = attempt === 0 ? 'm' : 'ArrowDown';
      document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
    }),
  };
  console.log(`1,500 visits: ${Object.entries(took).map(([what, ms]) => `${what} ${ms.toFixed(0)} ms`).join(', ')}`);
  for (const [what, ms] of Object.entries(took)) assert.ok(ms < SOON, `${what}: ${ms} ms`);
});

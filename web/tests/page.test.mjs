// A scheduler's morning in headless Chromium against the real program with the demo day.
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { browserPath, expectAccessible, expectNoSideways, launch, makeSamePlan, openPage, pictures, startDemo } from './stage.mjs';

let demo, browser, stage, page;

const typeface = createRequire(import.meta.url).resolve('@oslokommune/punkt-assets/dist/fonts/OsloSans-Regular.woff2');

before(async () => {
  assert.ok(browserPath, 'there is no Chromium');
  [demo, browser] = await Promise.all([startDemo(), launch()]);
  stage = await openPage(browser, demo);
  page = stage.page;
});

after(async () => {
  await browser?.close();
  await demo?.stop();
});

const button = (name) => page.getByRole('button', { name, exact: true });
const visits = () => page.locator('.timeline .visit');
const settle = () => page.waitForLoadState('networkidle');

/** A picture for the README, small. */
async function picture(name) {
  if (pictures === undefined) return;
  await settle();
  if (await page.locator('.map').count() > 0) await page.locator('.map [data-idle]').waitFor();
  const path = join(pictures, `${name}.png`);
  await page.screenshot({ path });
  assert.ok(statSync(path).size < 400_000, `${name} is large`);
}

test('without a session one logs in, and a wrong token is told', async () => {
  await page.goto(`${demo.base}/`);
  await expectAccessible(page, 'log in');
  await page.getByLabel('Adgang').fill('hjr_lillevik_wrong');
  await button('Logg inn').click();
  await page.getByText('Adgangen er ikke gyldig').waitFor();
  stage.wrongs.length = 0; // A browser reports every 401.
  await page.goto(demo.link);
  await page.reload();
  await button('Lag plan').waitFor();
  assert.ok(!page.url().includes('adgang'), 'the token stays in the address');
  assert.equal(await page.title(), 'mandag 23. november 2026 – Hjemrute');
});

test('a plan is wished for and watched, and the first is on the screen soon', async () => {
  await button('Lag plan').click();
  await expectAccessible(page, 'make a plan', '.plan-bar');
  // Longer than one will watch, however slow the machine is.
  await page.getByLabel('Søk i').selectOption('5 minutter');
  const began = Date.now();
  await button('Start').click();
  await visits().first().waitFor();
  const took = Date.now() - began;
  console.log(`the first plan was on the screen after ${took} ms`);
  await page.locator('.curve polyline').waitFor();
  await expectAccessible(page, 'watching');
  await picture('page-day');
  await button('Godt nok').click();
  await page.locator('.watch').waitFor({ state: 'detached' });
  assert.equal(await visits().count() > 100, true);
  assert.match(await page.locator('.plan-bar select').first().locator('option').first().textContent(), /5 minutter/);
});

test('everything that is drawn is in the table too', async () => {
  const drawn = await visits().evaluateAll((cells) => cells.map((cell) => cell.getAttribute('aria-label').split(',')[0]));
  await page.getByRole('tab', { name: 'Tabell' }).click();
  const told = await page.locator('.day-table tr.visit button').allTextContents();
  assert.deepEqual(told.toSorted(), drawn.toSorted());
  assert.ok(await page.locator('.day-table tr.travel').count() > 100);
  await expectAccessible(page, 'table', '#view');
  await page.getByRole('tab', { name: 'Tidslinje' }).click();
});

test('figures tell what they mean', async () => {
  await button('Hva tallene betyr').click();
  await page.getByRole('row', { name: /Hos brukerne \(ATA\).*ansikt til ansikt/ }).waitFor();
  await expectAccessible(page, 'figures', '.figures');
  await button('Hva tallene betyr').click();
});

test('a visit is asked about by keyboard alone, and its way is on the map', async () => {
  await visits().first().focus();
  for (const key of ['ArrowRight', 'ArrowDown', 'ArrowRight', 'ArrowUp', 'ArrowLeft']) await page.keyboard.press(key);
  const asked = await page.evaluate(() => document.activeElement.getAttribute('data-visit'));
  await page.keyboard.press('Enter');
  const patient = await page.locator(`.visit.asked[data-visit="${asked}"]`).first().getAttribute('title');
  await page.locator('.panel h2').getByText(patient.split(',')[0]).waitFor();
  const tabbed = await page.locator('.timeline [data-visit][tabindex="0"]').count();
  assert.equal(tabbed, 1, 'one visit at a time is in the order of the tab key');
  await settle();
  await expectAccessible(page, 'a visit', '.side');
});

test('a left-out visit tells why', async () => {
  await page.locator('[data-left] button').first().click();
  await page.locator('.panel .reason').waitFor();
  await expectAccessible(page, 'left out', '.side');
});

/** Whose list a visit is on. */
const standing = (id) => page.locator(`[data-visit="${id}"]`).first().evaluate((cell) => cell.closest('[role=row]').dataset.carer);
const shownPlan = () => page.locator('.plan-bar select').first().inputValue();
const planIs = (wanted) => page.waitForFunction((plan) => document.querySelector('.plan-bar select').value === plan, wanted);
const planIsNot = (old) => page.waitForFunction((plan) => document.querySelector('.plan-bar select').value !== plan, old);
const card = () => page.locator('.move-card');

/** Takes a visit by keyboard to a place in view that breaks rules, or none, whichever visit and place that is. */
async function findMove(breaksRules) {
  await page.locator('.timeline').evaluate((timeline) => timeline.scrollIntoView({ block: 'end' }));
  const ids = await page.locator('.timeline .visit:not(.double):not(.pinned)').evaluateAll((cells) => cells.map((cell) => cell.dataset.visit));
  for (const id of ids) {
    await page.locator(`.timeline [data-visit="${id}"]`).focus();
    await page.keyboard.press('m');
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowRight', 'ArrowUp']) {
      await page.keyboard.press(key);
      await card().locator('output b').waitFor();
      const isElsewhere = await card().evaluate((shown, own) => {
        const [carer, place] = [...shown.querySelectorAll('select')].map(({ value }) => value);
        const lane = document.querySelector(`.lane[data-carer="${carer}"]`);
        const isInView = [document.querySelector('.target'), document.querySelector(`[data-visit="${own}"]`)].every((element) => {
          const { left, right, top, bottom } = element.getBoundingClientRect();
          return left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight;
        });
        return isInView && [...lane.querySelectorAll('[data-visit]')].findIndex((cell) => cell.dataset.visit === own) !== Number(place);
      }, id);
      if (isElsewhere && (await button('Flytt hit').isDisabled()) === breaksRules) return id;
    }
    await page.keyboard.press('Escape');
    await card().waitFor({ state: 'detached' });
  }
  return assert.fail(`no move ${breaksRules ? 'breaks' : 'keeps'} the rules`);
}

test('the plan that is changed is the same wherever it is made', async () => {
  const id = await makeSamePlan(demo, '2026-11-23');
  await page.reload();
  await visits().first().waitFor();
  await page.locator('.plan-bar select').first().selectOption(id);
  await planIs(id);
});

test('a visit is moved by keyboard: its cost is told, it is kept, taken back and done again', async () => {
  const before = await shownPlan();
  const id = await findMove(false);
  await expectAccessible(page, 'moving', '.move-card');
  const from = await standing(id);
  const to = await card().locator('select').first().inputValue();
  assert.match(await page.locator('[role=status]').first().textContent(), /Bryter ingen regel/);
  await page.keyboard.press('Enter');
  await planIsNot(before);
  await card().waitFor({ state: 'detached' });
  const after = await shownPlan();
  assert.equal(await standing(id), to);
  assert.equal(await page.evaluate(() => document.activeElement.dataset.visit), id, 'the focus stays with the visit');
  await page.keyboard.press('Control+z');
  await planIs(before);
  assert.equal(await standing(id), from);
  await page.keyboard.press('Control+Shift+Z');
  await planIs(after);
  await button('Angre').click();
  await planIs(before);
});

test('a move that breaks rules is told, and neither Enter nor letting go makes it', async () => {
  const before = await shownPlan();
  const id = await findMove(true);
  await card().locator('li').first().waitFor();
  await page.keyboard.press('Enter');
  await card().getByText(/Bryter .*\. Ikke flyttet$/).waitFor();
  assert.equal(await card().count(), 1);
  const place = await page.locator('.target').boundingBox();
  await page.keyboard.press('Escape');
  await card().waitFor({ state: 'detached' });
  await drag(id, place, () => card().locator('output b').waitFor());
  await card().getByText(/Bryter .*\. Ikke flyttet$/).waitFor();
  await card().getByRole('button', { name: 'Avbryt' }).click();
  assert.equal(await shownPlan(), before);
});

/** Drags a visit by its left edge to a place on another lane, or another on its own. */
async function drag(id, place, meanwhile) {
  const visit = page.locator(`.timeline [data-visit="${id}"]`);
  const { x, y, height } = await visit.boundingBox();
  await page.mouse.move(x + 1, y + height / 2);
  await page.mouse.down();
  await page.mouse.move(x + 12, y + height / 2, { steps: 4 });
  await page.mouse.move(place.x + 3, place.y + place.height / 2, { steps: 3 });
  await meanwhile();
  await page.mouse.up();
}

test('a visit is moved by mouse, and what it costs is told at once', async () => {
  const before = await shownPlan();
  const id = await findMove(false);
  const to = await card().locator('select').first().inputValue();
  const place = await page.locator('.target').boundingBox();
  await page.keyboard.press('Escape');
  await card().waitFor({ state: 'detached' });
  const answers = [];
  const listen = (answer) => { if (answer.url().endsWith('/moves')) answers.push(answer.request()); };
  page.on('response', listen);
  await drag(id, place, async () => {
    await card().locator('output b').waitFor();
    await picture('page-move');
  });
  await planIsNot(before);
  page.off('response', listen);
  assert.equal(await standing(id), to);
  const took = answers.map((request) => request.timing().responseEnd);
  console.log(`a move was answered in ${Math.min(...took).toFixed(0)} ms at best, ${Math.max(...took).toFixed(0)} at worst`);
  await button('Angre').click();
  await planIs(before);
});

test('what the service refuses is told, and the visit is back where it was', async () => {
  const before = await shownPlan();
  await page.route('**/moves', (route) => route.fulfill({
    status: 503, contentType: 'application/problem+json', body: JSON.stringify({ code: 'busy', title: 'Busy.', titleNb: 'Opptatt.' }),
  }));
  await visits().first().focus();
  await page.keyboard.press('m');
  await page.getByRole('alert').getByText('Opptatt.').waitFor();
  await card().waitFor({ state: 'detached' });
  await page.unroute('**/moves');
  await page.getByRole('alert').getByRole('button', { name: 'Lukk' }).click();
  assert.equal(await shownPlan(), before);
  stage.wrongs.splice(0, stage.wrongs.length, ...stage.wrongs.filter((wrong) => !wrong.includes('503')));
});

test('a carer is sick: the day is planned anew, told as changes, and taken', async () => {
  await button('Syk ansatt').click();
  await expectAccessible(page, 'sick', '.plan-bar');
  await page.locator('form.dialog select').selectOption('c-03');
  await button('Planlegg på nytt').click();
  await page.getByRole('table', { name: /^Endringer/ }).waitFor();
  await expectAccessible(page, 'changes', '.plan-bar');
  await button('Godta').click();
  await page.locator('.changes-box').waitFor({ state: 'detached' });
  assert.equal(await page.locator('[data-carer="c-03"]').count(), 0);
  await button('Angre').click();
  await page.locator('[data-carer="c-03"]').first().waitFor();
});

test('a new visit is suggested a place', async () => {
  await button('Nytt besøk').click();
  await button('Finn plass').click();
  await page.locator('.suggestions li').first().waitFor();
  await expectAccessible(page, 'suggestions', '.plan-bar');
  await page.keyboard.press('Escape');
});

test('what a bydel settles is told in words with its effect, and who changed what is kept', async () => {
  const before = await shownPlan();
  await page.getByRole('link', { name: 'Innstillinger' }).click();
  const field = (name) => page.getByRole('spinbutton', { name });
  const effect = () => page.getByRole('region', { name: 'Slik virker det på planen på skjermen' });
  const sum = () => effect().getByRole('row', { name: /^Sum/ }).getByRole('cell');
  await page.getByText('Planen holder alle regler også med disse.').waitFor();
  assert.equal(await sum().nth(0).textContent(), await sum().nth(1).textContent(), 'the standard profile changes nothing');
  await field('Et minutt på veien').fill('2');
  await effect().getByRole('row', { name: /^Reise/ }).locator('b').waitFor();
  await field('Et minutts venting ved døren').fill('60');
  await page.getByRole('alert').getByText(/kan ikke veie mer enn/).waitFor();
  assert.ok(await button('Lagre som ny versjon').isDisabled());
  await field('Et minutts venting ved døren').fill('0.5');
  await field('Til fots').fill('300');
  await effect().getByText(/^Planen ville brutt \d+ regler/).waitFor();
  await field('Til fots').fill('110');
  await field('Luft før tidskritiske frister og vaktslutt').fill('5');
  await field('Hvile mellom to vakter (§ 10-8)').fill('540');
  await page.getByLabel('sykepleier regnes også som').selectOption('tegnspråk');
  await page.getByLabel('Navn på egen profil').fill('rolig');
  await settle();
  await expectAccessible(page, 'settings');
  await button('Lagre som ny versjon').click();
  const versions = page.getByRole('region', { name: 'Versjoner' });
  await versions.getByText(/^Versjon 1/).waitFor();
  for (const told of ['Et minutt på veien: 1 → 2', 'Til fots: 100 → 110', 'sykepleier, regnes også som: – → tegnspråk', 'demo']) {
    await versions.getByText(told).first().waitFor();
  }
  await expectAccessible(page, 'versions', '.side');
  await page.setViewportSize({ width: 320, height: 640 });
  await expectNoSideways(page, 'settings');
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.evaluate(() => { document.activeElement.blur(); scrollTo(0, 0); });
  await picture('page-settings');
  await page.goBack();
  await visits().first().waitFor();
  assert.equal(await shownPlan(), before);
});

test('the plan is published with who and when, seen, and withdrawn', async () => {
  await button('Publiser').click();
  await expectAccessible(page, 'publish', '.plan-bar');
  // The list has had a carer less in the meantime.
  await page.getByLabel('Publiser selv om listen har en nyere versjon').check();
  await page.locator('form.dialog').getByRole('button', { name: 'Publiser' }).click();
  await page.getByText(/^Gjelder · Publisert av demo/).waitFor();
  await page.reload();
  await page.getByText(/^Gjelder · Publisert av demo/).waitFor();
  await button('Trekk tilbake').click();
  await button('Publiser').waitFor();
});

test('work lists go to paper, one carer a sheet', async () => {
  await page.getByRole('link', { name: 'Arbeidslister' }).click();
  await page.locator('.sheet').first().waitFor();
  await expectAccessible(page, 'work lists');
  await picture('page-worklist');
  await page.setViewportSize({ width: 320, height: 640 });
  await expectNoSideways(page, 'work lists');
  await page.setViewportSize({ width: 1440, height: 900 });
  const sheets = await page.locator('.sheet').count();
  const pdf = await page.pdf({ preferCSSPageSize: true });
  const pages = pdf.toString('latin1').match(/\/Type\s*\/Page\b/g).length;
  assert.equal(pages, sheets);
});

test('a work list is read on a phone, and again without a network', async () => {
  await page.locator('.sheet a').first().click();
  await page.locator('.sheets.one .sheet').waitFor();
  await page.setViewportSize({ width: 320, height: 640 });
  await expectNoSideways(page, 'a work list');
  await expectAccessible(page, 'a work list');
  const online = await page.locator('.sheet tbody').innerText();
  await stage.context.setOffline(true);
  await page.reload();
  await page.getByText('Uten nett', { exact: false }).waitFor();
  assert.equal(await page.locator('.sheet tbody').innerText(), online);
  await stage.context.setOffline(false);
  const saved = page.waitForEvent('download');
  await button('Kalender (iCalendar)').click();
  await button('Jeg forstår, last ned').click();
  assert.match((await saved).suggestedFilename(), /\.ics$/);
  await page.setViewportSize({ width: 1440, height: 900 });
});

test('two plans are compared, by their figures and for people', async () => {
  await page.goto(`${demo.base}/#/dag/2026-11-23`);
  await page.getByRole('link', { name: 'Sammenlign' }).click();
  await page.getByRole('table', { name: /^Endringer/ }).waitFor();
  await page.getByRole('row', { name: /^Reise .* min/ }).waitFor();
  await expectAccessible(page, 'compare');
});

test('a plan made by hand is held beside ours', async () => {
  await page.getByRole('link', { name: 'Laget for hånd' }).click();
  const rows = [['Ansatt', 'Besøk'], ['c-01', 'v002'], ['c-01', 'v003'], ['c-02', 'v004']];
  const file = { name: 'plan.csv', mimeType: 'text/csv', buffer: Buffer.from(rows.map((row) => row.join(';')).join('\r\n')) };
  await page.getByLabel('Velg fil').setInputFiles(file);
  await page.getByRole('row', { name: /^Sum/ }).waitFor();
  assert.equal(await page.getByRole('table', { name: 'Arbeidslister' }).getByRole('row', { name: /^c-01/ }).getByRole('cell').last().locator('li').count(), 2);
  await expectAccessible(page, 'by hand');
  await page.setViewportSize({ width: 320, height: 640 });
  await expectNoSideways(page, 'by hand');
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.getByLabel('Velg fil').setInputFiles({ ...file, buffer: Buffer.from('a;b\n1;2') });
  await page.getByRole('alert').getByText('Filen mangler kolonnene').waitFor();
});

test('three languages, and the page says which', async () => {
  await page.goto(`${demo.base}/#/dag/2026-11-23`);
  await visits().first().waitFor();
  for (const [code, word] of [['nn', 'Utan tilsett'], ['en', 'Without a carer'], ['nb', 'Uten ansatt']]) {
    await page.getByRole('banner').locator('select').last().selectOption(code);
    await page.getByRole('heading', { name: word }).waitFor();
    assert.equal(await page.evaluate(() => document.documentElement.lang), code);
  }
});

test('narrow, enlarged, dark and with forced colours it is the same page', async () => {
  for (const [what, width, height] of [['320 px', 320, 640], ['400 %', 360, 225]]) {
    await page.setViewportSize({ width, height });
    await expectNoSideways(page, what);
  }
  await expectAccessible(page, 'narrow');
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.locator('html[data-mode=dark]').waitFor();
  await expectAccessible(page, 'dark');
  await page.emulateMedia({ colorScheme: 'light', forcedColors: 'active' });
  await page.locator('html[data-mode=light]').waitFor();
  await expectAccessible(page, 'forced colours');
  await page.emulateMedia({ colorScheme: 'light', forcedColors: 'none' });
});

test('a theme in a folder gives the page its own colours, typeface and logo', async () => {
  await page.reload();
  await visits().first().waitFor();
  const look = () => page.evaluate(() => {
    const { color, fontFamily, backgroundImage } = getComputedStyle(document.querySelector('.name'));
    return { color, fontFamily, logo: backgroundImage };
  });
  const plain = await look();
  assert.equal(plain.logo, 'none');
  const theme = join(demo.folder, 'theme');
  mkdirSync(theme);
  // Such files are the municipality's own; here Punkt's stand for them.
  copyFileSync(typeface, join(theme, 'own.woff2'));
  writeFileSync(join(theme, 'logo.svg'), '<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24"><circle cx="12" cy="12" r="12"/></svg>');
  writeFileSync(join(theme, 'theme.css'), `
    @font-face { font-family: 'Own'; src: url('own.woff2') format('woff2'); }
    :root { --font: 'Own', sans-serif; --ink: #003b2f; }
    .name { padding-left: 2rem; background: url('logo.svg') left center / 1.5rem no-repeat; }
  `);
  await page.reload();
  await visits().first().waitFor();
  await page.evaluate(() => document.fonts.ready);
  const own = await look();
  assert.equal(own.color, 'rgb(0, 59, 47)');
  assert.match(own.fontFamily, /^"?Own/);
  assert.ok(own.logo.endsWith('/theme/logo.svg")'), own.logo);
  assert.ok(await page.evaluate(() => [...document.fonts].some(({ family, status }) => family.includes('Own') && status === 'loaded')));
  await expectAccessible(page, 'a theme of its own');
  for (const name of ['theme.js', '..%2fday.json', 'day.json']) {
    writeFileSync(join(theme, 'theme.js'), '');
    assert.equal((await fetch(`${demo.base}/theme/${name}`)).status, 404, name);
  }
  rmSync(theme, { recursive: true });
});

test('targets are 24 px at least', async () => {
  const small = await page.locator('button:visible, select:visible, a:visible').evaluateAll((all) => all
    .filter((one) => !one.closest('.maplibregl-ctrl-attrib') && !one.classList.contains('skip') && getComputedStyle(one).clipPath === 'none')
    .map((one) => ({ text: one.outerHTML.slice(0, 90), box: one.getBoundingClientRect() }))
    .filter(({ box }) => box.height < 23.9 || box.width < 23.9)
    .map(({ text, box }) => `${Math.round(box.width)}×${Math.round(box.height)} ${text}`));
  assert.deepEqual(small, []);
});

test('the page has done nothing that it should not', () => stage.expectNoWrongs());

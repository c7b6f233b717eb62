// What a test of the page stands on: the real program with its demo day, and a browser that looks at it.
// A page that asks anybody else, breaks its own policy or throws has failed, whatever the test was about.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const PROGRAM = process.env.HJEMRUTE ?? '../target/debug/hjemrute';
const BROWSERS = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
/** Software drawing of the map: there is no graphics card where tests run. */
const FLAGS = ['--no-sandbox', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--ignore-gpu-blocklist'];

export const browserPath = BROWSERS.find((path) => path !== undefined && existsSync(path));

/** Where screenshots for the README go; nowhere unless they are asked for. */
export const pictures = process.env.PICTURES;

/** The demo, in a folder of its own; `link` logs one in. */
export async function startDemo() {
  const folder = mkdtempSync(join(tmpdir(), 'hjemrute-page-'));
  const program = spawn(PROGRAM, ['serve', '--demo', '--data', folder, '--listen', '127.0.0.1:0'], { stdio: ['ignore', 'pipe', 'ignore'] });
  const link = await new Promise((found, failed) => {
    let said = '';
    program.stdout.on('data', (bytes) => {
      said += bytes;
      const told = /Åpne siden: (\S+)\n/.exec(said);
      if (told !== null && said.includes('Lytter på')) found(told[1]);
    });
    program.on('exit', () => failed(new Error(`the program ended: ${said}`)));
  });
  const stop = () => new Promise((done) => {
    program.removeAllListeners('exit');
    program.on('exit', () => {
      rmSync(folder, { recursive: true, force: true });
      done();
    });
    program.kill('SIGTERM');
  });
  const { origin: base } = new URL(link);
  const authorization = `Bearer ${/adgang=([^&]+)/.exec(link)[1]}`;
  /** What the service answers to what the page does not ask. */
  const ask = async (path, body) => {
    const headers = { authorization, 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() };
    const answer = await fetch(base + path, body === undefined ? { headers } : { method: 'POST', headers, body: JSON.stringify(body) });
    assert.ok(answer.ok, `${path}: ${answer.status}`);
    return answer.json();
  };
  return { folder, link, base, ask, stop };
}

/** The day's plan that is the same wherever it is made: so many rounds of the search, however long they take. */
export async function makeSamePlan({ ask }, day) {
  const { lists } = await ask(`/v1/visit-lists?day=${day}`);
  const { id } = await ask('/v1/plans', { list: lists.at(-1).id, seconds: 120, iterations: 300, seed: 1 });
  for (;;) {
    const { state } = await ask(`/v1/plans/${id}`);
    if (state === 'done') return id;
    assert.ok(state === 'queued' || state === 'running', state);
    await new Promise((later) => { setTimeout(later, 100); });
  }
}

/** However busy the machine is, nothing takes this long. */
const LONGEST = 120_000;

export const launch = () => chromium.launch({ executablePath: browserPath, args: FLAGS });

/** A page that remembers everything that it should not have done. */
export async function openPage(browser, demo, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'nb-NO', timezoneId: 'Europe/Oslo', ...options });
  context.setDefaultTimeout(LONGEST);
  const page = await context.newPage();
  const wrongs = [];
  page.on('pageerror', (error) => wrongs.push(`thrown: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().includes('ERR_INTERNET_DISCONNECTED')) wrongs.push(`console: ${message.text()}`);
  });
  context.on('request', (request) => {
    const { origin, protocol } = new URL(request.url());
    if (origin !== demo.base && protocol !== 'blob:' && protocol !== 'data:') wrongs.push(`asked ${origin}`);
  });
  return { context, page, wrongs, expectNoWrongs: () => assert.deepEqual(wrongs, []) };
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** No violation of WCAG 2.2 A and AA that axe-core can see, on the whole page or in a part that is new. */
export async function expectAccessible(page, what, part = null) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate((within) => globalThis.axe.run(within ?? document, {
    resultTypes: ['violations'], iframes: false,
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  }), part);
  const told = violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((node) => node.html).join(' | ')}`);
  assert.deepEqual(told, [], what);
}

/** Nothing but what scrolls by itself is wider than the window. */
export async function expectNoSideways(page, what) {
  const { wide, window } = await page.evaluate(() => ({ wide: document.documentElement.scrollWidth, window: innerWidth }));
  assert.ok(wide <= window, `${what}: ${wide} px on ${window}`);
}

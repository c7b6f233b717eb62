// The language of the page: chosen by a switch, kept in this browser, Norwegian bokmål to begin with.
// What the service says comes in Norwegian and English; nynorsk reads the Norwegian.
import { computed, effect, signal } from '@preact/signals';
import en from './en';
import nb from './nb';
import nn from './nn';

type Widened<T> = T extends string ? string
  : T extends (...args: infer A) => string ? (...args: A) => string
  : { [K in keyof T]: Widened<T[K]> };

/** What every language says. */
export type Words = Widened<typeof nb>;

export const languages = { nb, nn, en } satisfies Record<string, Words>;
export type Language = keyof typeof languages;

const kept = localStorage.getItem('language');
export const language = signal<Language>(kept !== null && kept in languages ? (kept as Language) : 'nb');

export const words = computed<Words>(() => languages[language.value]);

effect(() => {
  document.documentElement.lang = language.value;
  localStorage.setItem('language', language.value);
});

/** A sentence of the service, in the language nearest to the chosen one; the clock on the wall shows no seconds. */
export const said = (told: { detail: string; detailNb: string }): string =>
  (language.value === 'en' ? told.detail : told.detailNb).replace(/\b(\d\d:\d\d):\d\d\b/g, '$1');

/** A number with so many decimals at the most, as people of the language write it. */
export const number = (value: number, decimals = 0): string =>
  value.toLocaleString(words.value.locale, { maximumFractionDigits: decimals });

export const percent = (share: number): string =>
  share.toLocaleString(words.value.locale, { style: 'percent', maximumFractionDigits: 1 });

/** Weighted minutes more or less. */
export function signed(minutes: number): string {
  const w = words.value;
  return Math.abs(minutes) < 0.05 ? w.same : w.weighted(`${minutes > 0 ? '+' : '−'}${number(Math.abs(minutes), 1)}`);
}

/** `mandag 23. november 2026`. */
export const longDay = (day: string): string =>
  new Date(`${day}T12:00`).toLocaleDateString(words.value.locale, {
    weekday: 'long', day: 'numeric', month: 'long', year: 'numeric',
  });

/** A moment of the service's own clock: `22.11. 06:31`. */
export const moment = (instant: string): string =>
  new Date(instant).toLocaleString(words.value.locale, {
    day: 'numeric', month: 'numeric', hour: '2-digit', minute: '2-digit',
  });

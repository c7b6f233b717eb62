// Minutes to pixels and back.
import type { Minutes } from '../model/clock';

export interface Scale { from: Minutes; to: Minutes; perMinute: number; width: number }

/** Pixels for a minute, from a whole shift at a glance to a visit of five minutes with its name. */
export const ZOOMS = [1.4, 2, 2.8, 4, 6] as const;

export const scaleOf = (from: Minutes, to: Minutes, perMinute: number): Scale =>
  ({ from, to, perMinute, width: Math.round((to - from) * perMinute) });

export const x = (scale: Scale, at: Minutes): number => (at - scale.from) * scale.perMinute;

export const minuteAt = (scale: Scale, pixels: number): Minutes => scale.from + pixels / scale.perMinute;

/** Whole and half hours that get a line. */
export function* lines(scale: Scale): Generator<{ at: Minutes; isHour: boolean }> {
  for (let at = Math.ceil(scale.from / 30) * 30; at <= scale.to; at += 30) yield { at, isHour: at % 60 === 0 };
}

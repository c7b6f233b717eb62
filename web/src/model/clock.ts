// Moments of a day as minutes after its midnight, by the clock on the wall: the service writes instants
// with the local offset, and what stands before the offset is what the clock shows.

export type Minutes = number;

/** `2026-11-23T07:30:00+01:00` on the day `2026-11-23` is 450; the morning after goes on from 1440. */
export function minutesOf(day: string, instant: string): Minutes {
  const days = (Date.parse(`${instant.slice(0, 10)}T00:00Z`) - Date.parse(`${day}T00:00Z`)) / 86_400_000;
  return days * 1440 + minutesOfWall(instant.slice(11));
}

/** `07:30` or `07:30:15`. */
export function minutesOfWall(wall: string): Minutes {
  const [hours = 0, minutes = 0, seconds = 0] = wall.slice(0, 8).split(':').map((part) => parseInt(part, 10) || 0);
  return hours * 60 + minutes + seconds / 60;
}

/** A time of a list: on the wall, or an instant. */
export const minutesOfEither = (day: string, text: string): Minutes =>
  text.includes('T') ? minutesOf(day, text) : minutesOfWall(text);

/** `07:30`; whole minutes, rounded down as a clock shows them. */
export function clock(minutes: Minutes): string {
  const whole = Math.floor(minutes + 1e-6);
  const [hours, rest] = [Math.floor(whole / 60) % 24, whole % 60];
  return `${String(hours).padStart(2, '0')}:${String(rest).padStart(2, '0')}`;
}

export function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

// A work list as an iCalendar file (RFC 5545), made here and only when it is asked for twice: times and
// visit numbers, no patient and no place.
import type { OneWorkList } from '../api/contract';

/** `2026-11-23T07:30:00+01:00` as `20261123T063000Z`. */
const stamp = (instant: string): string => new Date(instant).toISOString().replace(/[-:]|\.\d+/g, '');

export function calendarOf(list: OneWorkList, now: Date): string {
  const { day, version, workList } = list;
  const events = workList.stops.flatMap((stop, index) => stop.kind !== 'visit' ? [] : [[
    'BEGIN:VEVENT',
    `UID:${day}-${version}-${index}-${stop.visit}@hjemrute`,
    `DTSTAMP:${stamp(now.toISOString())}`,
    `DTSTART:${stamp(stop.start)}`,
    `DTEND:${stamp(stop.leave)}`,
    `SUMMARY:${stop.visit}`,
    'CLASS:PRIVATE',
    'END:VEVENT',
  ]]);
  return ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//Hjemrute//NB', ...events.flat(), 'END:VCALENDAR', ''].join('\r\n');
}

export function saveCalendar(list: OneWorkList, number: number): void {
  const file = URL.createObjectURL(new Blob([calendarOf(list, new Date())], { type: 'text/calendar' }));
  const link = document.createElement('a');
  link.href = file;
  link.download = `${list.day}-${number}.ics`;
  link.click();
  URL.revokeObjectURL(file);
}

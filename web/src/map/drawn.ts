// The map itself, drawn by MapLibre; the only room that knows it.
import { addProtocol, AttributionControl, LngLatBounds, Map, NavigationControl, setWorkerUrl, type GeoJSONSource } from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';
import 'maplibre-gl/dist/maplibre-gl.css';
import { Protocol } from 'pmtiles';
import type { Lines } from '../api/contract';
import type { DayPlan } from '../model/day';
import { mapStyle } from './style';

export interface Drawn {
  showDay: (day: DayPlan) => void;
  showLane: (day: DayPlan, lane: number | null, lines: Lines | null) => void;
  choose: (visit: string | null) => void;
  remove: () => void;
}

type Points = { type: 'FeatureCollection'; features: { type: 'Feature'; geometry: { type: 'Point'; coordinates: [number, number] }; properties: Record<string, string | number | boolean> }[] };

const points = (features: Points['features']): Points => ({ type: 'FeatureCollection', features });
const NOTHING: Points = points([]);

setWorkerUrl(workerUrl);
addProtocol('pmtiles', new Protocol().tile);

/** Draws an empty map into the box. `pick` is told which visit was clicked. */
export async function draw(box: HTMLElement, tiles: string, isDark: boolean, pick: (visit: string) => void): Promise<Drawn> {
  const map = new Map({
    container: box,
    style: mapStyle(isDark, new URL(tiles, location.href).href),
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    fadeDuration: 0,
    maxZoom: 18,
  });
  // Everything that is asked for is drawn; for whoever takes a picture.
  map.on('idle', () => { box.dataset['idle'] = ''; });
  map.on('dataloading', () => { delete box.dataset['idle']; });
  map.addControl(new AttributionControl({ compact: false }), 'bottom-right');
  map.addControl(new NavigationControl({ showCompass: false }), 'top-right');
  map.touchZoomRotate.disableRotation();
  await map.once('load');
  const [line, dot, halo, ink] = isDark ? ['#6fe9ff', '#b3f5ff', '#1b1d23', '#1b1d23'] : ['#1f42aa', '#2a2859', '#ffffff', '#ffffff'];
  map.addSource('way', { type: 'geojson', data: NOTHING });
  map.addSource('visits', { type: 'geojson', data: NOTHING });
  map.addLayer({ id: 'way-halo', type: 'line', source: 'way', layout: { 'line-cap': 'round', 'line-join': 'round' }, paint: { 'line-color': halo, 'line-width': 8 } });
  map.addLayer({ id: 'way', type: 'line', source: 'way', layout: { 'line-cap': 'round', 'line-join': 'round' }, paint: { 'line-color': line, 'line-width': 4 } });
  map.addLayer({
    id: 'visits', type: 'circle', source: 'visits',
    paint: {
      'circle-radius': ['case', ['get', 'asked'], 11, ['get', 'onWay'], 9, 5],
      'circle-color': ['case', ['get', 'left'], halo, ['get', 'onWay'], line, dot],
      'circle-opacity': ['case', ['any', ['get', 'onWay'], ['get', 'left'], ['get', 'isAll']], 1, 0.35],
      'circle-stroke-width': ['case', ['get', 'asked'], 3, ['get', 'left'], 3, 1.5],
      'circle-stroke-color': ['case', ['get', 'left'], '#b3261e', ['get', 'asked'], '#f9c66b', halo],
    },
  });
  map.addLayer({
    id: 'numbers', type: 'symbol', source: 'visits', filter: ['get', 'onWay'],
    layout: { 'text-field': ['get', 'number'], 'text-size': 11, 'text-font': ['sans-serif'], 'text-allow-overlap': true },
    paint: { 'text-color': ink },
  });
  map.on('click', 'visits', (event) => {
    const visit: unknown = event.features?.[0]?.properties['visit'];
    if (typeof visit === 'string') pick(visit);
  });
  for (const [event, cursor] of [['mouseenter', 'pointer'], ['mouseleave', '']] as const) {
    map.on(event, 'visits', () => { map.getCanvas().style.cursor = cursor; });
  }
  return canvas(map);
}

function canvas(map: Map): Drawn {
  let [day, lane, asked]: [DayPlan | null, number | null, string | null] = [null, null, null];
  const source = (name: string): GeoJSONSource => map.getSource(name) as GeoJSONSource;
  const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
  const see = (places: [number, number][]): void => {
    if (places.length === 0) return;
    const bounds = places.reduce((all, place) => all.extend(place), new LngLatBounds(places[0], places[0]));
    map.fitBounds(bounds, { padding: 36, maxZoom: 16, duration: calm ? 0 : 400 });
  };
  // The timeline answers first; what is done meanwhile is drawn on the map at once.
  let waiting: ReturnType<typeof setTimeout> | undefined;
  const dots = (): void => {
    clearTimeout(waiting);
    waiting = setTimeout(() => { if (day !== null) source('visits').setData(dotsOf(day, lane, asked)); }, 80);
  };
  return {
    showDay(next) {
      const isOther = day === null || day.day !== next.day;
      day = next;
      dots();
      if (isOther) see([...next.positions.values()]);
    },
    showLane(next, number, lines) {
      [day, lane] = [next, number];
      dots();
      source('way').setData(lines ?? NOTHING);
      if (lines !== null) see(lines.features.flatMap((feature) => feature.geometry.coordinates));
    },
    choose(visit) {
      asked = visit;
      dots();
    },
    remove() {
      clearTimeout(waiting);
      map.remove();
    },
  };
}

function dotsOf(day: DayPlan, lane: number | null, asked: string | null): Points {
  const features: Points['features'] = [];
  const put = (location: string, properties: Points['features'][number]['properties']): void => {
    const coordinates = day.positions.get(location);
    if (coordinates !== undefined) features.push({ type: 'Feature', geometry: { type: 'Point', coordinates }, properties });
  };
  for (const one of day.lanes) {
    for (const visit of one.visits) {
      const onWay = one.number === lane;
      put(visit.location, { visit: visit.id, number: String(visit.index + 1), onWay, left: false, asked: visit.id === asked, isAll: lane === null });
    }
  }
  for (const left of day.left) {
    const place = left.visit?.location ?? day.homes.get(left.patient);
    if (place !== undefined) put(place, { visit: left.id, number: '', onWay: false, left: true, asked: left.id === asked, isAll: true });
  }
  // What is looked at is drawn last, above the others.
  return points(features.sort((one, other) => rank(one.properties) - rank(other.properties)));
}

const rank = (told: Record<string, string | number | boolean>): number =>
  told['asked'] === true ? 3 : told['onWay'] === true ? 2 : told['left'] === true ? 1 : 0;

// How the map looks: calm, so that ways and visits stand out; light or dark as the page is. The tiles
// are the service's own, names are drawn in the letters of this machine.
import type { StyleSpecification } from 'maplibre-gl';

interface Palette { land: string; green: string; water: string; building: string; road: string; edge: string; main: string; rail: string; text: string; halo: string }

const LIGHT: Palette = {
  land: '#f6f4ef', green: '#e3ecdc', water: '#cfe3ee', building: '#e8e4dc', road: '#ffffff', edge: '#dcd7cd',
  main: '#f6e6c2', rail: '#c9c4ba', text: '#55525f', halo: '#f9f8f4',
};
const DARK: Palette = {
  land: '#22242b', green: '#27302b', water: '#1c2d3c', building: '#2c2f37', road: '#3b3f49', edge: '#22242b',
  main: '#4a4a4c', rail: '#4b4f59', text: '#c9ccd6', halo: '#1b1d23',
};

/** Everything that the map shows below ways and visits. */
export function mapStyle(isDark: boolean, tiles: string): StyleSpecification {
  const c = isDark ? DARK : LIGHT;
  const wide = (thin: number, thick: number): ['interpolate', ['exponential', number], ['zoom'], number, number, number, number] =>
    ['interpolate', ['exponential', 1.6], ['zoom'], 11, thin, 18, thick];
  const roads = ['motorway', 'trunk', 'primary', 'secondary', 'tertiary', 'street', 'service', 'pedestrian'];
  const main = ['motorway', 'trunk', 'primary', 'secondary'];
  return {
    version: 8,
    sources: { map: { type: 'vector', url: `pmtiles://${tiles}`, attribution: '© OpenStreetMap' } },
    layers: [
      { id: 'land', type: 'background', paint: { 'background-color': c.land } },
      { id: 'green', type: 'fill', source: 'map', 'source-layer': 'green', paint: { 'fill-color': c.green } },
      { id: 'water', type: 'fill', source: 'map', 'source-layer': 'water', paint: { 'fill-color': c.water } },
      { id: 'waterway', type: 'line', source: 'map', 'source-layer': 'waterway', paint: { 'line-color': c.water, 'line-width': wide(0.5, 6) } },
      { id: 'building', type: 'fill', source: 'map', 'source-layer': 'building', minzoom: 13, paint: { 'fill-color': c.building } },
      { id: 'path', type: 'line', source: 'map', 'source-layer': 'road', filter: ['in', ['get', 'class'], ['literal', ['path', 'steps']]], paint: { 'line-color': c.edge, 'line-width': wide(0.4, 3), 'line-dasharray': [2, 1] } },
      { id: 'edge', type: 'line', source: 'map', 'source-layer': 'road', filter: ['in', ['get', 'class'], ['literal', roads]], layout: { 'line-cap': 'round', 'line-join': 'round' }, paint: { 'line-color': c.edge, 'line-width': wide(1, 20) } },
      { id: 'road', type: 'line', source: 'map', 'source-layer': 'road', filter: ['in', ['get', 'class'], ['literal', roads]], layout: { 'line-cap': 'round', 'line-join': 'round' }, paint: { 'line-color': c.road, 'line-width': wide(0.5, 16) } },
      { id: 'main', type: 'line', source: 'map', 'source-layer': 'road', filter: ['in', ['get', 'class'], ['literal', main]], layout: { 'line-cap': 'round', 'line-join': 'round' }, paint: { 'line-color': c.main, 'line-width': wide(1.2, 18) } },
      { id: 'rail', type: 'line', source: 'map', 'source-layer': 'rail', paint: { 'line-color': c.rail, 'line-width': wide(0.6, 3) } },
      { id: 'street-name', type: 'symbol', source: 'map', 'source-layer': 'road', minzoom: 13, filter: ['has', 'name'], layout: { 'symbol-placement': 'line', 'text-field': ['get', 'name'], 'text-font': ['sans-serif'], 'text-size': 11 }, paint: { 'text-color': c.text, 'text-halo-color': c.halo, 'text-halo-width': 1.4 } },
      { id: 'place', type: 'symbol', source: 'map', 'source-layer': 'place', filter: ['has', 'name'], layout: { 'text-field': ['get', 'name'], 'text-font': ['sans-serif'], 'text-size': 13 }, paint: { 'text-color': c.text, 'text-halo-color': c.halo, 'text-halo-width': 1.6 } },
    ],
  };
}

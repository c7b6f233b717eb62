// Where the page begins.
import { render } from 'preact';
import { App } from './app';
import { takeToken } from './route';
import { begin } from './state';
import '@oslokommune/punkt-css/dist/css/pkt-base.min.css';
import './style/punkt.css';
import './style/page.css';
import './style/mode';

// The municipality's own colours, typeface and logo, if it has put any; after the page's, so that it wins.
const theme = document.createElement('link');
theme.rel = 'stylesheet';
theme.href = '/theme/theme.css';
document.head.append(theme);

const place = document.getElementById('page');
if (place !== null) render(<App />, place);
void begin(takeToken());
// Where the browser has none, as over plain HTTP to another machine, lists are not kept.
void navigator.serviceWorker?.register('/sw.js');

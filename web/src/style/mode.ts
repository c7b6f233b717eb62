// Whether it is dark: the reader's own choice. Punkt's dark colours hold where the document says so.
import { effect, signal } from '@preact/signals';

const dark = matchMedia('(prefers-color-scheme: dark)');

export const isDark = signal(dark.matches);

dark.addEventListener('change', () => { isDark.value = dark.matches; });
effect(() => { document.documentElement.dataset['mode'] = isDark.value ? 'dark' : 'light'; });

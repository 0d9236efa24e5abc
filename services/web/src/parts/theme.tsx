import { useEffect, useState } from 'react';
import { text } from '../text/en.ts';

const KEY = 'watchbill-theme';
const THEMES = ['auto', 'light', 'dark'] as const;
type Theme = (typeof THEMES)[number];

function stored(): Theme {
  const value = localStorage.getItem(KEY);
  return THEMES.find((theme) => theme === value) ?? 'auto';
}

/** Puts the chosen colours on the page; before the first drawing, so that nothing flashes. */
export function applyTheme(theme: Theme = stored()): void {
  if (theme === 'auto') document.documentElement.removeAttribute('data-theme');
  else document.documentElement.dataset.theme = theme;
}

/** Light, dark, or as the system has it. */
export function ThemePicker() {
  const [theme, setTheme] = useState(stored);
  useEffect(() => {
    localStorage.setItem(KEY, theme);
    applyTheme(theme);
  }, [theme]);
  return (
    <label className="field inline">
      <span>{text.theme.label}</span>
      <select value={theme} onChange={(event) => setTheme(event.target.value as Theme)}>
        {THEMES.map((value) => (
          <option key={value} value={value}>
            {text.theme[value]}
          </option>
        ))}
      </select>
    </label>
  );
}

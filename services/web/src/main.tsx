import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { applyTheme } from './parts/theme.tsx';
import './style/base.css';
import './style/timeline.css';

const root = document.getElementById('root');
if (root === null) throw new Error('the page has no place for the app');
applyTheme();
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);

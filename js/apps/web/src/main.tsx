import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/App';
import { beginPage } from './app/begin';
import './style/tokens.css';
import './style/base.css';
import './style/parts.css';
import './style/layout.css';
import './style/shell.css';
import './style/dialog.css';
import './style/start.css';

beginPage(location);
const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}

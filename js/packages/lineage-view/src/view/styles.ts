/** The few styles of the buttons and strips, put into the page once; nothing global is touched. */

import type { Palette } from '../draw/theme';
import type { CSSProperties } from 'react';

const CSS = `
.whence-lineage{position:relative;overflow:hidden;width:100%;height:100%;min-height:200px;
  font:13px/1.4 var(--wl-font);color:var(--wl-text);background:var(--wl-background);contain:strict;
  border-radius:inherit}
.whence-lineage *{box-sizing:border-box}
.whence-lineage canvas.wl-main{position:absolute;inset:0;width:100%;height:100%;touch-action:none;cursor:grab;outline:none}
.whence-lineage canvas.wl-main[data-on=held]{cursor:grabbing}
.whence-lineage canvas.wl-main[data-on=thing]{cursor:pointer}
.whence-lineage .wl-twin{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap;margin:0;padding:0;outline:none}
.whence-lineage .wl-hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.whence-lineage .wl-ring{position:absolute;inset:0;pointer-events:none;border-radius:inherit}
.whence-lineage .wl-twin:focus-visible~.wl-ring{box-shadow:inset 0 0 0 2px var(--wl-accent)}
.whence-lineage .wl-panel{position:absolute;background:var(--wl-card);border:1px solid var(--wl-border);border-radius:10px;
  box-shadow:0 4px 16px var(--wl-shadow)}
.whence-lineage .wl-bar{top:12px;right:12px;display:flex;gap:2px;padding:4px;align-items:center;max-width:calc(100% - 24px)}
.whence-lineage .wl-bar button{font:inherit;color:var(--wl-text);background:none;border:0;border-radius:7px;min-width:28px;height:28px;padding:0 6px;cursor:pointer;
  display:inline-flex;align-items:center;justify-content:center}
.whence-lineage .wl-bar button:hover:not(:disabled){background:var(--wl-frame)}
.whence-lineage .wl-bar button[aria-pressed=true]{background:var(--wl-accent);color:var(--wl-card)}
.whence-lineage .wl-bar button:disabled{opacity:.4;cursor:default}
.whence-lineage :is(button,input,summary):focus-visible{outline:2px solid var(--wl-accent);outline-offset:1px}
.whence-lineage .wl-bar input{font:inherit;color:var(--wl-text);background:var(--wl-frame);border:1px solid var(--wl-border);border-radius:7px;height:28px;width:150px;min-width:60px;padding:0 8px}
.whence-lineage .wl-bar input::placeholder{color:var(--wl-muted);opacity:1}
.whence-lineage .wl-bar svg{width:16px;height:16px;fill:none;stroke:currentColor;stroke-width:1.6;stroke-linecap:round;stroke-linejoin:round}
.whence-lineage .wl-count{color:var(--wl-muted);font-size:12px;padding:0 4px;white-space:nowrap;font-variant-numeric:tabular-nums}
.whence-lineage .wl-gone{width:1px;height:18px;background:var(--wl-border);margin:0 4px;flex:none}
.whence-lineage .wl-legend{left:12px;bottom:12px;padding:8px 12px;font-size:12px;color:var(--wl-muted);max-width:calc(100% - 24px)}
.whence-lineage .wl-legend summary{cursor:pointer;color:var(--wl-text);font-weight:600;list-style:none;border-radius:4px}
.whence-lineage .wl-legend summary::-webkit-details-marker{display:none}
.whence-lineage .wl-legend summary::before{content:'';display:inline-block;width:6px;height:6px;margin:0 8px 2px 2px;border:solid currentColor;border-width:0 1.5px 1.5px 0;transform:rotate(-45deg)}
.whence-lineage .wl-legend[open] summary::before{transform:rotate(45deg)}
.whence-lineage .wl-legend ul{list-style:none;margin:8px 0 0;padding:0;display:flex;flex-wrap:wrap;gap:4px 14px}
.whence-lineage .wl-legend li{display:flex;align-items:center;gap:7px}
.whence-lineage .wl-legend svg{width:30px;height:8px;overflow:visible}
.whence-lineage .wl-legend li button{font:inherit;color:var(--wl-text);background:none;border:1px solid var(--wl-border);border-radius:999px;padding:1px 9px 1px 7px;cursor:pointer;display:flex;align-items:center;gap:6px}
.whence-lineage .wl-legend li button i{width:9px;height:9px;border-radius:3px}
.whence-lineage .wl-legend li button[aria-pressed=false]{color:var(--wl-muted);text-decoration:line-through}
.whence-lineage .wl-legend li button[aria-pressed=false] i{opacity:.25}
.whence-lineage .wl-map{right:12px;bottom:12px;overflow:hidden;width:190px;height:120px}
.whence-lineage .wl-map canvas{width:100%;height:100%;display:block;cursor:crosshair;touch-action:none}
.whence-lineage .wl-strip{top:12px;left:12px;padding:6px 12px;font-size:12.5px;border-color:var(--wl-warn);color:var(--wl-warn);max-width:min(620px,calc(100% - 340px))}
.whence-lineage .wl-tip{pointer-events:none;padding:8px 11px;font-size:12px;max-width:380px;overflow-wrap:anywhere;z-index:3}
.whence-lineage .wl-tip b{display:block;font-weight:600;font-size:13px;max-height:5.6em;overflow:hidden}
.whence-lineage .wl-tip span{display:block;color:var(--wl-muted);max-height:4.2em;overflow:hidden}
.whence-lineage .wl-note{position:absolute;inset:0;display:grid;place-items:center;color:var(--wl-muted);pointer-events:none}
@media (max-width:640px){.whence-lineage .wl-map{display:none}.whence-lineage .wl-bar input{width:90px}.whence-lineage .wl-strip{top:60px;max-width:calc(100% - 24px)}}
@media (pointer:coarse){.whence-lineage .wl-bar button{min-width:36px;height:36px}}
`;

let adopted = false;

/** A sheet made by script, which a strict content policy allows; an element in old browsers. */
export function adoptStyles(): void {
  if (adopted || typeof document === 'undefined') return;
  adopted = true;
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(CSS);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  } catch {
    const element = document.createElement('style');
    element.textContent = CSS;
    document.head.append(element);
  }
}

const NAMES = [
  'background',
  'card',
  'border',
  'shadow',
  'text',
  'muted',
  'accent',
  'warn',
  'frame',
  'font',
] as const;

/** The palette as variables for the styles above. */
export function styleOf(palette: Palette): CSSProperties {
  const variables = Object.fromEntries(NAMES.map((name) => [`--wl-${name}`, palette[name]]));
  return { ...variables, colorScheme: palette.dark ? 'dark' : 'light' } as CSSProperties;
}

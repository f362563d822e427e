/** Black or white, whichever reads better on a colour (WCAG relative luminance). */
export function inkOn(accent: string): '#ffffff' | '#111111' {
  const channel = (start: number) => {
    const value = Number.parseInt(accent.slice(start, start + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  const luminance = 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
  return 1.05 / (luminance + 0.05) >= (luminance + 0.05) / 0.0556 ? '#ffffff' : '#111111';
}

const light = `
  --surface: #ffffff; --raised: #f4f4f7; --line: #dcdce4; --text: #1a1a22; --soft: #5d5d6b; --danger: #b3261e;
  --shadow: 0 12px 40px rgb(20 20 40 / 22%);`;
const dark = `
  --surface: #1c1c22; --raised: #2a2a33; --line: #3d3d49; --text: #f1f1f5; --soft: #a9a9b8; --danger: #ff8a80;
  --shadow: 0 12px 40px rgb(0 0 0 / 60%);`;

/** The whole look. Colours of the accent come in as `--accent` and `--on-accent` on the host. */
export const css = `
:host { all: initial; ${light} color-scheme: light; }
@media (prefers-color-scheme: dark) { :host([theme=auto]) { ${dark} color-scheme: dark; } }
:host([theme=dark]) { ${dark} color-scheme: dark; }
* { box-sizing: border-box; }
.root { font: 14px/1.45 system-ui, -apple-system, "Segoe UI", "IBM Plex Sans Arabic", "Noto Sans Arabic", Tahoma, sans-serif;
  color: var(--text); position: fixed; inset-block-end: 20px; inset-inline-end: 20px; z-index: 2147483000; text-align: start; }
.root.start { inset-inline-end: auto; inset-inline-start: 20px; }
button, input, textarea, select { font: inherit; color: inherit; }
button { cursor: pointer; border: 0; background: none; padding: 0; }
:focus-visible { outline: 2px solid var(--text); outline-offset: 2px; }
.icon { inline-size: 22px; block-size: 22px; fill: none; stroke: currentColor; stroke-width: 1.9; stroke-linecap: round; stroke-linejoin: round; flex: none; }
[dir=rtl] .mirrored { transform: scaleX(-1); }
.launcher { inline-size: 56px; block-size: 56px; border-radius: 50%; background: var(--accent); color: var(--on-accent);
  display: grid; place-items: center; box-shadow: var(--shadow); position: relative; margin-inline-start: auto; }
.launcher:focus-visible { outline: 2px solid #fff; outline-offset: 0; box-shadow: 0 0 0 4px #1a1a22; }
.start .launcher { margin-inline: 0 auto; }
.launcher .icon { inline-size: 26px; block-size: 26px; }
.badge { position: absolute; inset-block-start: -3px; inset-inline-end: -3px; min-inline-size: 20px; block-size: 20px; padding: 0 5px;
  border-radius: 10px; background: #c4261d; color: #fff; font-size: 12px; font-weight: 650; line-height: 20px; text-align: center;
  font-variant-numeric: tabular-nums; }
.panel { inline-size: 376px; max-inline-size: calc(100vw - 40px); block-size: 600px; max-block-size: calc(100dvh - 116px); margin-block-end: 14px;
  background: var(--surface); border: 1px solid var(--line); border-radius: 14px; box-shadow: var(--shadow); display: flex; flex-direction: column; overflow: hidden; }
.panel[hidden] { display: none; }
header { display: flex; align-items: center; gap: 10px; padding: 12px 14px; background: var(--accent); color: var(--on-accent); }
header :focus-visible { outline-color: var(--on-accent); }
header img { inline-size: 34px; block-size: 34px; border-radius: 50%; object-fit: cover; }
h2 { font-size: 15px; font-weight: 650; margin: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.who { flex: 1; min-inline-size: 0; }
.state { font-size: 12px; opacity: .9; }
.tool { inline-size: 40px; block-size: 40px; display: grid; place-items: center; border-radius: 8px; flex: none; }
.note { padding: 9px 14px; background: var(--raised); border-block-end: 1px solid var(--line); font-size: 13px; color: var(--soft); }
.note form { display: flex; gap: 8px; margin-block-start: 8px; align-items: flex-end; }
.note label { flex: 1; }
.log { flex: 1; overflow-y: auto; padding: 14px; display: flex; flex-direction: column; gap: 3px; overscroll-behavior: contain; }
.log > :first-child { margin-block-start: auto; }
.day { align-self: center; font-size: 12px; color: var(--soft); margin-block: 10px 6px; }
.item { max-inline-size: 84%; display: flex; flex-direction: column; align-items: flex-start; margin-block-start: 5px; }
.item.mine { align-self: flex-end; align-items: flex-end; }
.item.system { align-self: center; max-inline-size: 100%; color: var(--soft); font-size: 12px; text-align: center; }
.author { font-size: 12px; color: var(--soft); margin-block: 6px 2px; }
.bubble { background: var(--raised); border-radius: 14px; border-end-start-radius: 4px; padding: 8px 12px; overflow-wrap: anywhere; white-space: pre-wrap; }
.mine .bubble { background: var(--accent); color: var(--on-accent); border-end-start-radius: 14px; border-end-end-radius: 4px; }
.bubble a { color: inherit; text-decoration: underline; }
.gone { font-style: italic; color: var(--soft); background: none; border: 1px dashed var(--line); }
.mine .gone { background: none; color: var(--soft); }
.meta { display: flex; gap: 4px; align-items: center; font-size: 11px; color: var(--soft); margin-block-start: 2px; font-variant-numeric: tabular-nums; }
.meta .icon { inline-size: 14px; block-size: 14px; }
.meta.bad, .error { color: var(--danger); }
.meta button { text-decoration: underline; min-block-size: 24px; }
.item img, .item video { max-inline-size: 100%; max-block-size: 240px; border-radius: 12px; display: block; margin-block-start: 2px; }
.item audio { max-inline-size: 250px; }
.file { display: flex; gap: 8px; align-items: center; padding: 8px 12px; border: 1px solid var(--line); border-radius: 12px; color: var(--text);
  text-decoration: none; max-inline-size: 100%; margin-block-start: 2px; }
.file span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.file small { color: var(--soft); }
.choices { display: flex; flex-wrap: wrap; gap: 6px; margin-block-start: 6px; }
.choice, .plain { min-block-size: 36px; padding: 6px 14px; border: 1px solid var(--line); border-radius: 18px; background: var(--surface); text-align: start; }
.choice small { display: block; color: var(--soft); }
.choice:hover, .plain:hover { border-color: var(--text); }
.choice:disabled { opacity: .55; cursor: default; }
.typing { min-block-size: 18px; padding-inline: 14px; font-size: 12px; color: var(--soft); }
.chips { display: flex; flex-wrap: wrap; gap: 6px; padding: 8px 12px; }
.chips:empty { display: none; }
.chip { display: flex; align-items: center; gap: 4px; max-inline-size: 100%; padding-inline-start: 10px; border: 1px solid var(--line); border-radius: 8px; font-size: 12px; }
.chip span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.chip button { inline-size: 28px; block-size: 28px; display: grid; place-items: center; }
.chip .icon { inline-size: 14px; block-size: 14px; }
.composer { display: flex; align-items: flex-end; gap: 4px; padding: 8px; border-block-start: 1px solid var(--line); }
textarea { resize: none; }
.composer textarea { flex: 1; border: 0; background: none; padding: 10px 6px; max-block-size: 120px; min-block-size: 40px; border-radius: 8px; }
.composer textarea:focus-visible { outline: 1.5px solid var(--soft); outline-offset: -1px; }
textarea::placeholder, input::placeholder { color: var(--soft); opacity: 1; }
.primary { background: var(--accent); color: var(--on-accent); border-radius: 8px; min-block-size: 40px; padding-inline: 16px; font-weight: 600; }
.composer .primary { inline-size: 40px; padding: 0; display: grid; place-items: center; }
.primary:disabled { opacity: .45; cursor: default; }
.form { flex: 1; overflow-y: auto; padding: 18px 16px; display: flex; flex-direction: column; gap: 12px; }
.form p { margin: 0 0 4px; }
.form .primary { flex: none; }
label { display: flex; flex-direction: column; gap: 4px; font-weight: 550; font-size: 13px; }
.field { border: 1px solid var(--line); border-radius: 8px; padding: 9px 10px; background: var(--surface); font-weight: 400; inline-size: 100%; min-block-size: 40px; }
.field[aria-invalid=true] { border-color: var(--danger); }
.error { font-size: 12px; font-weight: 400; }
.error:empty { display: none; }
.hidden { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media (max-width: 480px) {
  .root.open { inset: 0; }
  .root.open .panel { inline-size: 100%; max-inline-size: 100%; block-size: 100dvh; max-block-size: none; margin: 0; border: 0; border-radius: 0; }
  .root.open .launcher { display: none; }
}
@media (prefers-reduced-motion: no-preference) { .panel { animation: rise .16s ease-out; } @keyframes rise { from { transform: translateY(8px); opacity: 0; } } }
`;

"""How the page of an outline looks, and the legend at its foot."""

STYLE = """
:root { color-scheme: light dark; --paper: #fdfdfb; --ink: #1f2328; --soft: #6a7078; --line: #e3e4e0; --lift: #f4f4f0;
  --code: #3d6a57; --error: #b3261e; --error-lift: #fcefed; --warning: #8a5a00; --warning-lift: #fbf4e2;
  --repair: #2c5f8a; --repair-lift: #edf3f9; --good: #2f6b46; }
@media (prefers-color-scheme: dark) { :root { --paper: #16181b; --ink: #dfe1e4; --soft: #8d949d; --line: #2c3036;
  --lift: #1e2125; --code: #8fc3aa; --error: #f2938c; --error-lift: #33201f; --warning: #e0b357;
  --warning-lift: #2e2819;
  --repair: #8db9e0; --repair-lift: #1c2731; --good: #86c79f; } }
* { box-sizing: border-box; }
body { margin: 0; padding: 2.5rem 1.5rem 4rem; background: var(--paper); color: var(--ink);
  font: 15px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
  font-variant-numeric: tabular-nums; }
section, footer { max-width: 72rem; margin: 0 auto 3rem; }
header { margin-bottom: 1.25rem; }
h1 { font-size: 1.5rem; font-weight: 600; letter-spacing: -.01em; margin: 0 0 .35rem; overflow-wrap: anywhere; }
h2 { display: inline; font-size: 1em; font-weight: 600; margin: 0; }
.facts { margin: 0; color: var(--soft); }
.badge { display: inline-block; padding: 0 .6em; margin-right: .4em; border: 1px solid; border-radius: 1em;
  font-size: .8rem; font-weight: 600; color: var(--good); white-space: nowrap; }
.badge.rejected { color: var(--error); } .badge.with-errors { color: var(--warning); }
.findings { list-style: none; margin: 0 0 1.75rem; padding: .4rem 0; border: 1px solid var(--line);
  border-radius: .5rem; }
.findings a { display: grid; grid-template-columns: 4.5rem 15rem 1fr; gap: .75rem; padding: .25rem 1rem; color: inherit;
  text-decoration: none; overflow-wrap: anywhere; }
.findings li:not(:has(a)) { padding: .25rem 1rem; color: var(--soft); }
.findings a:hover { background: var(--lift); }
.findings .at { color: var(--soft); }
.error b { color: var(--error); } .warning b { color: var(--warning); } .repair b { color: var(--repair); }
summary { cursor: pointer; list-style: none; position: relative; }
summary::-webkit-details-marker { display: none; }
summary::before { content: ""; position: absolute; left: -.85rem; top: .85em; border: .28em solid transparent;
  border-left-color: var(--soft); transform: translateY(-50%); opacity: .7; }
details[open] > summary::before { transform: translate(-.14em, -25%) rotate(90deg); }
summary:hover, .leaf:hover { background: var(--lift); }
details { margin-left: .9rem; } .leaf { margin-left: .9rem; }
.in { border-left: 1px solid var(--line); margin-left: -.64rem; padding-left: .9rem; }
details.interchange, details.group, details.set, .leaf.set { margin-top: .6rem; }
.interchange > summary, .group > summary, .set > summary, .leaf.set { padding: .3rem 0; }
.fact { margin-left: .9rem; } .fact i, .fact em { font-style: normal; color: var(--soft); }
.set > summary .badge, .leaf.set .badge { margin-left: .9rem; }
.segment > summary, .leaf.segment, .leaf.missing { display: grid; grid-template-columns: 2.6rem 9.5rem 1fr;
  column-gap: .6rem; padding: .22rem 0; border-top: 1px solid var(--line); }
.n { color: var(--soft); text-align: right; font-size: .8rem; line-height: 1.7; }
.id { font: 600 .93rem/1.45 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
.id i { display: block; font: .78rem/1.3 system-ui, sans-serif; color: var(--soft); }
.vs { display: flex; flex-wrap: wrap; gap: .2rem 1.5rem; min-width: 0; }
.v { min-width: 0; max-width: 100%; overflow-wrap: anywhere; white-space: pre-wrap; }
.v i { display: block; font-style: normal; font-size: .72rem; line-height: 1.3; color: var(--soft); }
.v em { font-style: normal; color: var(--code); }
.v q, .missing q { quotes: none; color: var(--error); }
.v.error span, .v.error q { color: var(--error); text-decoration: underline wavy .06em; text-underline-offset: .25em; }
.leaf.missing .id { color: var(--error); }
.v.warning span { color: var(--warning); } .v.repair span { color: var(--repair); }
.finding { margin: .3rem 0 .5rem 4.1rem; padding: .45rem .8rem; border-left: 3px solid;
  border-radius: 0 .35rem .35rem 0;
  overflow-wrap: anywhere; }
details > .finding { margin-left: 3.2rem; }
.finding.error { background: var(--error-lift); border-color: var(--error); }
.finding.warning { background: var(--warning-lift); border-color: var(--warning); }
.finding.repair { background: var(--repair-lift); border-color: var(--repair); }
.finding p { margin: .1rem 0 0; } .finding p::before { content: "→ "; color: var(--soft); }
.finding small { color: var(--soft); }
.finding:target { outline: 2px solid currentColor; outline-offset: 2px; }
.left { margin: .4rem 0 .4rem 4.1rem; color: var(--soft); font-style: italic; }
footer { border-top: 1px solid var(--line); padding-top: .9rem; color: var(--soft); font-size: .87rem; }
footer p { margin: .15rem 0; } footer em { font-style: normal; color: var(--code); }
@media (max-width: 48rem) { body { padding: 1rem; } .findings a { display: block; }
  .segment > summary, .leaf.segment, .leaf.missing { grid-template-columns: 1.8rem 1fr; } .vs { grid-column: 2; }
  .finding { margin-left: 2.4rem; } .fact { display: block; margin-left: 0; } }
@media print { :root { --paper: #fff; --ink: #000; --soft: #555; --line: #ccc; color-scheme: light; }
  body { padding: 0; font-size: 10px; } details::details-content { display: block; content-visibility: visible;
  height: auto; }
  .leaf, summary, .finding { break-inside: avoid; } summary::before { display: none; } }
"""

LEGEND = """<footer>
<p>Each row is a segment: its number in the set, its id, and its values under the names of their elements. Behind a
code stands <em>its name</em>, where we have one. Dates and times are written out; the place of a value, such as BEG05,
shows when the pointer rests on it.</p>
<p class="error"><b>error</b> The set, or what it stands in, is rejected or accepted with errors.</p>
<p class="warning"><b>warning</b> It is taken as it is, but worth a look.</p>
<p class="repair"><b>repair</b> The layout was not as agreed, and was read all the same.</p>
</footer>
"""

// Watches a page for charts whose content changes, from now until it rests. Installed by benchmarks/latency.py before a
// key press, or before the page itself; the answer is the promise `window.repainted`.
//
// Each frame of the browser looks at what every chart holds. What is new is noted with the moment its frame had been
// shown, and read only after everything is over, so that looking costs the page nothing it could be measured by.
// A chart drawn twice counts from its first frame with the new content.
(({ quiet, limit, patience }) => {
  const charts = () => {
    const found = [];
    const look = (root) => {
      found.push(...root.querySelectorAll('.js-plotly-plot'));
      for (const host of root.querySelectorAll('[data-testid*="BidiComponent"] *')) if (host.shadowRoot) look(host.shadowRoot);
    };
    look(document);
    return found.filter((chart) => chart.querySelector('.main-svg') && chart.data && chart.layout);
  };
  // A chart that is replaced keeps its name: the key of its element, or its place among all.
  const name = (chart, place) => {
    const key = [...(chart.closest('[class*="st-key-"]')?.classList ?? [])].find((c) => c.startsWith('st-key-'));
    return key ?? `chart ${place}`;
  };
  // The values a chart shows, arrays by reference: a figure from the server, and a frame of an animation, bring new ones.
  const leaves = (value, into, depth = 0) => {
    const plain = value !== null && typeof value === 'object' && !ArrayBuffer.isView(value);
    const numbers = Array.isArray(value) && (value[0] === null || typeof value[0] !== 'object');
    if (!plain || numbers || depth > 6) into.push(value);
    else for (const key of Object.keys(value)) if (key[0] !== '_') leaves(value[key], into, depth + 1);
    return into;
  };
  const content = ({ data, layout }) =>
    leaves([data, layout?.annotations, layout?.shapes, layout?.title?.text], []);
  const identical = (a, b) => a.length === b.length && a.every((value, i) => Object.is(value, b[i]));
  const equal = (a, b) =>
    a.length === b.length &&
    a.every((v, i) => Object.is(v, b[i]) || (v?.length === b[i]?.length && typeof v === 'object' && v !== null &&
      typeof b[i] === 'object' && b[i] !== null && Array.prototype.every.call(v, (x, j) => Object.is(x, b[i][j]))));

  const before = new Map(), last = new Map(), seen = [];
  if (document.documentElement) charts().forEach((chart, place) => {
    before.set(name(chart, place), content(chart));
    last.set(name(chart, place), content(chart));
  });
  let pressed = null, newest = performance.now(), over = false;
  const begin = newest;
  const onKey = (event) => { pressed ??= event.timeStamp; };
  addEventListener('keydown', onKey, true);

  window.repainted = new Promise((resolve) => {
    const finish = (late) => {
      over = true;
      removeEventListener('keydown', onKey, true);
      const start = pressed ?? 0, changed = {};
      for (const { chart, held, shown } of seen)
        if (!(chart in changed) && !(before.has(chart) && equal(before.get(chart), held))) changed[chart] = shown - start;
      const seconds = (performance.now() - begin) / 1000;
      resolve({ changed, late, charts: last.size, drawn: seen.length, seconds });
    };
    const frame = () => {
      if (over) return;
      charts().forEach((chart, place) => {
        const called = name(chart, place), held = content(chart);
        if (last.has(called) && identical(last.get(called), held)) return;
        last.set(called, held);
        const note = { chart: called, held, shown: null };
        seen.push(note);
        const channel = new MessageChannel();
        channel.port1.onmessage = () => { note.shown = newest = performance.now(); };
        channel.port2.postMessage(0); // a task of its own: it runs once this frame has been drawn
      });
      const app = document.querySelector('[data-testid="stApp"]')?.dataset;
      const resting = app?.testScriptState === 'notRunning' && app?.testConnectionState === 'CONNECTED';
      if (!resting) newest = performance.now();
      const now = performance.now(), settled = seen.length && seen.every((note) => note.shown !== null);
      if (resting && settled && now - newest > quiet) finish(false);
      else if (now - begin > limit || (resting && !seen.length && now - newest > patience)) finish(true);
      else requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  });
})

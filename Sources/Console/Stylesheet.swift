/// The console's only style sheet: no frame, no font from elsewhere, readable on paper.
enum Stylesheet {
    static let text = """
        :root { --ink:#1d2530; --soft:#5c6876; --line:#dde3ea; --paper:#fff; --ground:#f4f6f8; --accent:#0f5b78;
          --good:#1b7a46; --good-bg:#e5f4ea; --warn:#8a5a00; --warn-bg:#fdf2d6; --bad:#b3261e; --bad-bg:#fbe6e4;
          --mute:#5c6876; --mute-bg:#eceff3; }
        @media (prefers-color-scheme: dark) { :root { --ink:#dfe5ec; --soft:#94a1b0; --line:#2c3642; --paper:#171d25;
          --ground:#10151b; --accent:#6cc0e0; --good:#69cf94; --good-bg:#15301f; --warn:#e6b955; --warn-bg:#33280f;
          --bad:#f28b82; --bad-bg:#3a1916; --mute:#94a1b0; --mute-bg:#222b35; } }
        * { box-sizing: border-box; }
        html { font-size: 14px; }
        body { margin: 0; background: var(--ground); color: var(--ink); line-height: 1.45;
          font-family: system-ui, "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC", sans-serif; }
        a { color: var(--accent); }
        header { display: flex; flex-wrap: wrap; gap: .4rem 1.4rem; align-items: baseline; padding: .8rem 1.4rem;
          background: var(--paper); border-bottom: 1px solid var(--line); }
        header h1 { font-size: 1.2rem; margin: 0; font-weight: 650; letter-spacing: .02em; }
        header .site { color: var(--soft); }
        header nav { margin-left: auto; display: flex; gap: 1rem; color: var(--soft); }
        main { max-width: 1480px; margin: 0 auto; padding: 1rem 1.4rem 2rem; display: grid; gap: 1rem;
          grid-template-columns: repeat(12, minmax(0, 1fr)); }
        .tiles { grid-column: 1 / -1; display: grid; gap: .7rem; grid-template-columns: repeat(auto-fit, minmax(148px, 1fr)); }
        .tile { background: var(--paper); border: 1px solid var(--line); border-radius: 6px; padding: .6rem .8rem; border-left-width: 4px; }
        .tile b { display: block; font-size: 1.55rem; line-height: 1.2; font-weight: 600; font-variant-numeric: tabular-nums; }
        .tile span { color: var(--soft); font-size: .88rem; }
        .tile.good { border-left-color: var(--good); } .tile.warn { border-left-color: var(--warn); }
        .tile.bad { border-left-color: var(--bad); } .tile.bad b { color: var(--bad); } .tile.warn b { color: var(--warn); }
        section { grid-column: 1 / -1; background: var(--paper); border: 1px solid var(--line); border-radius: 6px; padding: .7rem .9rem .8rem;
          min-width: 0; }
        section.half { grid-column: span 6; }
        @media (max-width: 1080px) { section.half { grid-column: 1 / -1; } }
        h2 { font-size: 1rem; margin: 0 0 .5rem; display: flex; gap: .6rem; align-items: baseline; font-weight: 650; }
        h2 small { color: var(--soft); font-weight: 400; font-size: .85rem; }
        .scroll { overflow-x: auto; }
        table { border-collapse: collapse; width: 100%; font-size: .93rem; }
        th { text-align: left; color: var(--soft); font-weight: 500; font-size: .85rem; white-space: nowrap; }
        th, td { padding: .24rem .8rem .24rem 0; border-bottom: 1px solid var(--line); vertical-align: baseline; }
        tr:last-child td { border-bottom: 0; }
        td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
        td.t { white-space: nowrap; font-variant-numeric: tabular-nums; color: var(--soft); }
        td { white-space: nowrap; }
        td.w { width: 99%; min-width: 14em; white-space: normal; overflow-wrap: anywhere; }
        td.m { min-width: 9em; white-space: normal; }
        td .sub { color: var(--soft); font-size: .88rem; }
        .badge { display: inline-block; padding: 0 .5em; border-radius: 3px; white-space: nowrap; font-size: .88rem; }
        .good .badge, .badge.good { color: var(--good); background: var(--good-bg); }
        .badge.warn { color: var(--warn); background: var(--warn-bg); }
        .badge.bad { color: var(--bad); background: var(--bad-bg); font-weight: 600; }
        .badge.mute { color: var(--mute); background: var(--mute-bg); }
        .empty { color: var(--soft); margin: .2rem 0; }
        svg.bar { width: 84px; height: 8px; vertical-align: middle; margin-left: .5rem; }
        svg.bar rect { fill: var(--mute-bg); } svg.bar rect.used { fill: var(--accent); }
        svg.bar rect.warn { fill: #d9a520; } svg.bar rect.bad { fill: var(--bad); }
        svg.line { width: 120px; height: 22px; vertical-align: middle; }
        svg.line polyline { fill: none; stroke: var(--accent); stroke-width: 1.2; } svg.line polyline.out { stroke: #c47f00; }
        .equation { color: var(--soft); margin: .5rem 0 0; font-variant-numeric: tabular-nums; }
        #link { color: var(--bad); } #link:empty { display: none; }
        footer { max-width: 1480px; margin: 0 auto; padding: 0 1.4rem 1.6rem; color: var(--soft); font-size: .88rem;
          display: flex; flex-wrap: wrap; gap: .3rem 1.2rem; }
        @media print { :root { --ground:#fff; } header nav, #link { display: none; } main { display: block; padding: 0; max-width: none; }
          section, .tile { border-color: #999; break-inside: avoid; margin-bottom: .8rem; } html { font-size: 11px; }
          .tiles { grid-template-columns: repeat(6, 1fr); } .badge { border: 1px solid currentColor; background: none !important; } }

        """

    /// Fetches the page's body anew every five seconds and puts it in place; says so when the agent does not answer.
    static let script = """
        'use strict';
        (function () {
          var main = document.querySelector('main'), link = document.getElementById('link');
          var clock = document.getElementById('clock'), lost = null;
          function refresh() {
            if (document.hidden) { return; }
            fetch('/live?lang=' + document.documentElement.lang.slice(0, 2), { cache: 'no-store', redirect: 'error' })
              .then(function (answer) { if (!answer.ok) { throw new Error(String(answer.status)); } return answer.text(); })
              .then(function (text) {
                var fresh = new DOMParser().parseFromString(text, 'text/html');
                main.replaceChildren.apply(main, Array.prototype.slice.call(fresh.querySelector('main').childNodes));
                var stamp = fresh.getElementById('clock');
                if (stamp && clock) { clock.textContent = stamp.textContent; }
                lost = null; link.textContent = '';
              })
              .catch(function () {
                lost = lost || new Date();
                link.textContent = link.dataset.lost + ' ' + lost.toTimeString().slice(0, 8);
              });
          }
          setInterval(refresh, 5000);
          document.addEventListener('visibilitychange', refresh);
        })();

        """

    /// Part of the files' addresses, so that a browser fetches them anew after an update.
    static let version = String(
        (text + script).utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }, radix: 36)

    static let icon = """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><path fill="#0f5b78" d="M16 2 6 10v3h20v-3zM9 15h14v10H9zm-3 12h20v3H6z"/>\
        <path fill="#f4f6f8" d="M16 16a4 4 0 0 0-4 5v2h8v-2a4 4 0 0 0-4-5zm-1 8h2v1.5h-2z"/></svg>
        """
}

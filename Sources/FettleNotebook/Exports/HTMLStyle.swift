/// The style sheet of exported pages.
enum HTMLStyle {
    /// The sheet; every colour has a contrast of at least 4.5 on its ground.
    static let sheet = """
        :root {
          color-scheme: light dark;
          --ground: #ffffff; --ink: #1f2328; --faint: #59636e; --line: #d1d9e0; --box: #f6f8fa;
          --accent: #0b5cad; --text: #0a6640; --key: #8a3ffc; --error: #b3261e; --warn: #8a5200;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --ground: #0f1419; --ink: #e6edf3; --faint: #9aa7b4; --line: #2f3945; --box: #182029;
            --accent: #79b8ff; --text: #7ee2a8; --key: #c8a6ff; --error: #ff8f87; --warn: #f0b866;
          }
        }
        * { box-sizing: border-box; }
        html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
        body { margin: 0; background: var(--ground); color: var(--ink);
          font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Noto Sans CJK SC", sans-serif; }
        main { max-width: 60rem; margin: 0 auto; padding: 1rem 1rem 4rem; overflow-wrap: anywhere; }
        h1 { font-size: 1.7rem; line-height: 1.25; margin: 1rem 0 0.3rem; }
        h2 { font-size: 1.35rem; line-height: 1.3; margin: 2rem 0 0.5rem; }
        h3, h4, h5, h6 { font-size: 1.1rem; margin: 1.5rem 0 0.5rem; }
        p, ul { margin: 0.5rem 0; }
        .prose { max-width: 42rem; margin: 1.5rem 0 0.75rem; }
        code, pre { font: 0.875rem/1.5 ui-monospace, "SF Mono", Menlo, "DejaVu Sans Mono", "Noto Sans Mono CJK SC", monospace; }
        .prose code { background: var(--box); padding: 0.1em 0.3em; border-radius: 4px; }
        section { margin: 0.75rem 0 1.25rem; }
        .in { display: flex; align-items: flex-start; background: var(--box);
          border: 1px solid var(--line); border-left: 3px solid var(--accent); border-radius: 6px; }
        .failed > .in { border-left-color: var(--error); }
        .cancelled > .in { border-left-color: var(--warn); }
        .in pre { flex: 1; min-width: 0; margin: 0; padding: 0.5rem 0.6rem; white-space: pre-wrap;
          user-select: text; }
        .number, .took { flex: none; padding: 0.5rem 0.6rem; color: var(--faint);
          font-size: 0.8rem; line-height: 1.65; text-decoration: none; user-select: none; }
        .number { padding-right: 0; }
        .v { color: var(--accent); font-weight: 600; }
        .k, .n { color: var(--key); }
        .s { color: var(--text); }
        .c { color: var(--faint); font-style: italic; }
        .out { margin: 0.5rem 0; padding: 0.1rem 0.6rem; overflow-x: auto; white-space: pre-wrap; }
        .error { color: var(--error); border-left: 3px solid var(--error); }
        .note { color: var(--faint); font-size: 0.9rem; margin: 0.4rem 0.6rem; white-space: pre-line; }
        .warning { color: var(--warn); margin: 0.4rem 0.6rem; white-space: pre-line; }
        footer { border-top: 1px solid var(--line); margin-top: 3rem; }
        .scroll { overflow-x: auto; margin: 0.6rem 0; padding-bottom: 0.2rem; overflow-wrap: normal; }
        table { border-collapse: collapse; font-size: 0.875rem; line-height: 1.4; }
        th, td { padding: 0.3rem 0.7rem; border-bottom: 1px solid var(--line); text-align: left;
          vertical-align: top; font-variant-numeric: tabular-nums; }
        th { white-space: nowrap; border-bottom-width: 2px; }
        td { min-width: 3ch; max-width: 26rem; white-space: pre-line; }
        td.long { min-width: 17rem; }
        .absent { color: var(--faint); }
        dl { display: grid; grid-template-columns: fit-content(45%) 1fr; gap: 0.15rem 1rem;
          margin: 0.5rem 0.6rem; font-size: 0.925rem; }
        dt { color: var(--faint); }
        dd { margin: 0; white-space: pre-line; }
        figure { margin: 0.6rem 0; }
        svg { display: block; width: 100%; max-width: 30rem; height: auto; }
        svg.fp-wide { min-width: 36rem; max-width: 45rem; }
        summary { color: var(--faint); cursor: pointer; font-size: 0.9rem; padding: 0.4rem 0.6rem; }
        a:focus-visible, [tabindex]:focus-visible, summary:focus-visible {
          outline: 2px solid var(--accent); outline-offset: 1px; }
        @media (max-width: 30rem) {
          main { padding: 0.5rem 0.75rem 3rem; }
          .number { display: none; }
          .took { padding-left: 0; }
        }
        @media print { .in, .scroll, figure { break-inside: avoid; } }
        """
}

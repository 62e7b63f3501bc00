/// How the status page looks.
enum StatusStyle {
    static let css = """
        :root{color-scheme:light dark;--back:#f6f7f9;--card:#fff;--ink:#17202a;--dim:#5a6673;--line:#d9dee4;\
        --accent:#0b63c5;--on:#fff;--good:#17703c;--bad:#b3261e;--warn:#8a5a00;--second:#c2570c;--soft:#e8edf3}
        @media (prefers-color-scheme:dark){:root{--back:#0f1419;--card:#182028;--ink:#e6eaee;--dim:#9aa7b4;\
        --line:#2c3742;--accent:#6cb2ff;--on:#06121f;--good:#5fd38d;--bad:#ff8a80;--warn:#ffc861;--second:#ffab6b;\
        --soft:#24303b}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--back);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
        header{display:flex;justify-content:space-between;align-items:baseline;gap:1rem;max-width:76rem;margin:0 auto;\
        padding:1rem}
        h1{font-size:1.4rem;margin:0}h2{font-size:1.1rem;margin:0 0 .75rem}h3{font-size:1rem;margin:0 0 .25rem}
        h2 small{font-weight:400;color:var(--dim)}
        header p{margin:0;color:var(--dim);font-size:.9rem}
        main{max-width:76rem;margin:0 auto;padding:0 1rem 2rem;display:grid;gap:1rem;\
        grid-template-columns:minmax(0,1fr)}
        #live{display:grid;gap:1rem;grid-template-columns:minmax(0,1fr);align-content:start}
        @media (min-width:60rem){main{grid-template-columns:minmax(0,5fr) minmax(0,6fr);align-items:start}\
        main>section:only-child{grid-column:1/-1;max-width:32rem}}
        section{background:var(--card);border:1px solid var(--line);border-radius:.6rem;padding:1rem}
        label{display:block;font-weight:600;margin:.5rem 0 .25rem}
        select,textarea,input{width:100%;font:inherit;color:inherit;background:var(--back);\
        border:1px solid var(--dim);border-radius:.4rem;padding:.5rem}
        textarea{resize:vertical;font-family:ui-monospace,monospace;font-size:.95rem}
        button{font:inherit;font-weight:600;background:var(--accent);color:var(--on);border:0;border-radius:.4rem;\
        padding:.5rem 1.25rem;min-height:2.75rem;cursor:pointer}
        #key button{margin-top:.75rem}
        :focus-visible{outline:3px solid var(--accent);outline-offset:2px}
        .row{display:flex;align-items:center;gap:.75rem;margin:.75rem 0 0}
        .hint,.empty{color:var(--dim);font-size:.9rem}.empty{margin:0}
        #problem,.bad{color:var(--bad)}
        ol,ul,dl{margin:0;padding:0;list-style:none}
        dd{margin:0;overflow-wrap:anywhere}
        .cards li{border-top:1px solid var(--line);padding:.75rem 0}.cards li:first-child{border:0;padding-top:0}
        .cards dl{display:grid;grid-template-columns:4.5rem minmax(0,1fr);gap:.1rem .5rem;font-size:.9rem}
        dt{color:var(--dim)}
        .badge{font-size:.8rem;font-weight:600;border:1px solid currentColor;border-radius:1rem;padding:.05rem .6rem;\
        color:var(--dim)}
        .badge.running{color:var(--accent)}.badge.succeeded{color:var(--good)}.badge.failed{color:var(--bad)}
        .badge.interrupted,.badge.cancelled{color:var(--warn)}
        .row span{white-space:nowrap}
        progress{width:100%;height:.6rem;accent-color:var(--accent)}
        .lines li{padding:.35rem 0;overflow-wrap:anywhere}.lines .hint{display:block}
        code{font-family:ui-monospace,monospace;font-size:.9rem}
        .pairs>div{display:flex;justify-content:space-between;gap:1rem;padding:.2rem 0;font-size:.9rem}
        .pairs dd{text-align:right;flex:2}.pairs dt{overflow-wrap:anywhere;flex:3}
        .curve{display:block;width:100%;height:auto}
        .curve text{fill:var(--dim);font-size:13px}.curve .y{text-anchor:end;dominant-baseline:middle}
        .grid{stroke:var(--line);fill:none}
        path.training,path.validation{fill:none;stroke-width:2;stroke-linejoin:round}
        path.training{stroke:var(--accent)}path.validation{stroke:var(--second);stroke-dasharray:6 4}
        circle.training{fill:var(--accent)}circle.validation{fill:var(--second)}
        .legend{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;font-size:.9rem;margin-top:.5rem}
        .key{width:24px;height:8px;vertical-align:middle}
        #answer:not(:empty){border-top:1px solid var(--line);margin-top:1rem;padding-top:1rem}
        output{font-family:ui-monospace,monospace;white-space:pre-wrap;overflow-wrap:anywhere}
        .bars li{display:grid;grid-template-columns:minmax(3rem,9rem) minmax(0,1fr) 4.5rem;gap:.6rem;\
        align-items:center;padding:.2rem .3rem;border-radius:.3rem;position:relative}
        .bars li:hover,.bars li:focus{background:var(--soft)}
        .token{font-family:ui-monospace,monospace;overflow-wrap:anywhere}.chosen .token{font-weight:700}
        .bar{width:100%;height:1.1rem}.bar .all{fill:var(--soft)}.bar .part{fill:var(--dim)}
        .chosen .part{fill:var(--accent)}
        .value{text-align:right;font-variant-numeric:tabular-nums}
        .tip{display:none;position:absolute;right:.3rem;bottom:100%;z-index:1;background:var(--ink);color:var(--card);\
        font-size:.85rem;padding:.15rem .5rem;border-radius:.3rem;pointer-events:none}
        .bars li:hover .tip,.bars li:focus .tip{display:block}
        summary{font-family:ui-monospace,monospace;cursor:pointer}
        @media (max-width:30rem){.curve text{font-size:22px}path.training,path.validation{stroke-width:3}\
        .bars li{grid-template-columns:minmax(3rem,5.5rem) minmax(0,1fr) 4rem}}
        """
}

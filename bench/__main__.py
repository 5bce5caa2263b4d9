"""`./concord bench`: one table and one JSON file, each figure beside its baseline."""

import json
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bench import (
    agreement,
    badging,
    checking,
    exporting,
    flow,
    reissuing,
    reliability,
    reviewing,
    sealing,
    start,
)

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Row:
    """One line of the table. `bar` is what the issue asks for, None where nothing is asked."""

    name: str
    ours: str
    baseline: str
    ratio: str
    bar: str
    met: bool | None


def flow_rows() -> tuple[list[Row], Any]:
    figures = [flow.measure(), flow.measure(postgres_url())]
    rows = [
        Row(
            f"trainee flow, 8 clients, 2 workers, {f.database}",
            f"{f.flow:.0f} req/s (p50 {f.p50:.0f}, p95 {f.p95:.0f} ms)",
            f"bare page {f.bare:.0f} req/s",
            f"{f.ratio:.2f}",
            "at least 0.50",
            f.ratio >= 0.5,
        )
        for f in figures
    ]
    largest = max(f.largest for f in figures)
    rows.append(
        Row(
            "largest page of the flow",
            f"{largest / 1000:.1f} kB of HTML",
            "",
            "",
            "at most 30",
            largest <= 30_000,
        )
    )
    return rows, [asdict(f) for f in figures]


def sealing_rows() -> tuple[list[Row], Any]:
    f = sealing.measure()
    rows = [
        Row(
            "certificate, draw",
            ms(f.render),
            ms(f.naive_render),
            times(f.naive_render, f.render),
            "",
            None,
        ),
        Row(
            "certificate, sign", ms(f.sign), ms(f.naive_sign), times(f.naive_sign, f.sign), "", None
        ),
        Row(
            "certificate, whole",
            ms(f.whole),
            f"naive {ms(f.naive_whole)}",
            times(f.naive_whole, f.whole),
            "at least 5 times faster",
            f.ratio >= 5,
        ),
        Row("badge, make and check", ms(f.badge), "", "", "", None),
        Row(
            "full check of a foreign file",
            ms(f.check),
            "",
            "",
            "under 40 ms CPU",
            f.check < 40,
        ),
        Row(
            "certificates on two cores",
            f"{f.on_two_cores:.0f} a second",
            "",
            "",
            "at least 20 a second",
            f.on_two_cores >= 20,
        ),
    ]
    return rows, asdict(f)


def reissuing_rows() -> tuple[list[Row], Any]:
    f = reissuing.measure()
    grown = f.memory_last - f.memory_first
    rows = [
        Row(
            f"{f.count:,} issued anew, one worker, killed once",
            f"{f.seconds:.0f} s, {f.lost} lost, {f.doubled} doubled",
            "",
            "",
            "none lost, none doubled",
            f.lost == f.doubled == 0 and f.chain_whole,
        ),
        Row(
            "certificates signed by two workers, whole",
            f"{f.a_second:.0f} a second",
            "",
            "",
            "at least 20 a second",
            f.a_second >= 20,
        ),
        Row(
            "check of an exact copy",
            f"{f.exact_copy:.2f} ms CPU",
            "",
            "",
            "under 1 ms beyond the upload",
            f.exact_copy < 1,
        ),
        Row(
            f"memory of a worker over {f.signed:,} certificates",
            f"{f.memory_last:.0f} MB",
            f"after {reissuing.FIRST_LOOK}: {f.memory_first:.0f} MB",
            f"{f.memory_last / f.memory_first:.2f}",
            "flat: +25 MB at most",
            grown <= 25,
        ),
    ]
    return rows, asdict(f)


def plain(name: str, ours: float, naive: float) -> Row:
    return Row(name, ms(ours), f"naive {ms(naive)}", times(naive, ours), "", None)


def badging_rows() -> tuple[list[Row], Any]:
    f = badging.measure()
    rows = [
        Row(f"badge of {f.badge_bytes:,} bytes, sign", ms(f.sign), "", "", "", None),
        Row(
            "badge, verify (shape, order, signature)",
            ms(f.verify),
            f"usual guard {ms(f.verify_usual)}",
            times(f.verify_usual, f.verify),
            "under 40 ms",
            f.verify < 40,
        ),
        Row("badge as a token, sign", f"{f.sign_token:.2f} ms CPU", "", "", "", None),
        Row("badge as a token, verify", f"{f.verify_token:.2f} ms CPU", "", "", "", None),
        Row("status list of 131,072, sign both ways", ms(f.sign_list), "", "", "", None),
        Row("status list, look up", f"{f.look_up:.3f} ms CPU", "", "", "", None),
    ]
    return rows, asdict(f)


def checking_rows() -> tuple[list[Row], Any]:
    f = checking.measure()
    row = Row(
        "check by code, 8 clients",
        f"{f.check:.0f} req/s",
        f"bare page {f.bare:.0f} req/s",
        f"{f.ratio:.2f}",
        "at least 0.50",
        f.ratio >= 0.5,
    )
    return [row], asdict(f)


def exporting_rows() -> tuple[list[Row], Any]:
    f = exporting.measure()
    rows = [
        Row(
            f"completion CSV, {f.rows:,} rows",
            f"{f.csv_us:.1f} us CPU a row, peak +{f.csv_peak_mb:.0f} MB",
            f"sqlite3 -csv {f.sqlite_us:.1f} us",
            f"{f.csv_us / f.sqlite_us:.1f}",
            "at most 20 us, +40 MB",
            f.csv_us <= 20 and f.csv_peak_mb <= 40,
        ),
        Row(
            "completion report, first page",
            f"{f.first_page_ms:.0f} ms",
            "",
            "",
            "under 100 ms",
            f.first_page_ms < 100,
        ),
        Row(
            "completion XLSX",
            f"{f.xlsx_us:.1f} us CPU a row, peak +{f.xlsx_peak_mb:.0f} MB",
            "",
            "",
            "",
            None,
        ),
    ]
    return rows, asdict(f)


def start_rows() -> tuple[list[Row], Any]:
    f = start.measure()
    rows = [
        Row(
            "import and make the app",
            f"{f.import_seconds:.2f} s",
            f"flask + sqlalchemy {f.bare_import_seconds:.2f} s",
            f"{f.import_seconds / f.bare_import_seconds:.1f}",
            "",
            None,
        ),
        Row(
            "memory of a worker (PSS)",
            f"{f.worker_mb:.0f} MB",
            f"bare {f.bare_worker_mb:.0f} MB",
            f"{f.worker_mb / f.bare_worker_mb:.1f}",
            "",
            None,
        ),
        Row(
            "second ./concord serve to its first answer",
            f"{f.second_serve_seconds:.1f} s",
            "",
            "",
            "",
            None,
        ),
    ]
    return rows, asdict(f)


def agreement_rows() -> tuple[list[Row], Any]:
    f = agreement.measure()
    rows = [
        Row(
            f"ICC(2,1), kappa, CCC: {f.raters:,} raters x {f.cases} cases x {f.items} items",
            f"{f.seconds:.2f} s CPU",
            f"loop over {f.sample} raters, scaled: {f.loop_seconds:.0f} s",
            times(f.loop_seconds, f.seconds),
            "under 2 s, 50 times faster",
            f.seconds < 2 and f.ratio >= 50,
        ),
        Row(
            "the same with 5 % of ratings missing",
            f"{f.with_gaps_seconds:.2f} s CPU",
            "",
            "",
            "",
            None,
        ),
    ]
    return rows, asdict(f)


def reliability_rows() -> tuple[list[Row], Any]:
    f = reliability.measure()
    name = f"reliability report: {f.raters:,} raters x {f.cases} cases x {f.items} items"
    rows = [
        Row(name, f"{f.page_seconds:.2f} s CPU", "", "", "under 3 s", f.page_seconds < 3),
        Row(f"{name}, every rater listed", f"{f.whole_seconds:.2f} s CPU", "", "", "", None),
    ]
    return rows, asdict(f)


def reviewing_rows() -> tuple[list[Row], Any]:
    figures = reviewing.measure()
    rows = [
        Row(
            f"what if over {f.tries:,} past attempts at {what}, from the database",
            f"{f.seconds:.1f} s ({f.cpu_seconds:.1f} s CPU)",
            f"marking each, loop over {f.sample}, scaled: {f.loop_seconds:.0f} s CPU",
            times(f.loop_seconds, f.cpu_seconds),
            "under 10 s, the same verdicts",
            f.seconds < 10 and f.agree,
        )
        for f, what in zip(figures, ("cases", "a quiz"), strict=True)
    ]
    return rows, [asdict(f) for f in figures]


PARTS: dict[str, Callable[[], tuple[list[Row], Any]]] = {
    "flow": flow_rows,
    "sealing": sealing_rows,
    "reissuing": reissuing_rows,
    "badges": badging_rows,
    "checking": checking_rows,
    "exporting": exporting_rows,
    "agreement": agreement_rows,
    "reliability": reliability_rows,
    "what-if": reviewing_rows,
    "start": start_rows,
}


def postgres_url() -> str:
    """Start the PostgreSQL of the tests and return the address of an empty database."""
    from tests.postgres import start as start_postgres

    global _server
    _server = start_postgres()
    return _server.create_database("bench")


_server: Any = None


def ms(value: float) -> str:
    return f"{value:.1f} ms CPU"


def times(slow: float, fast: float) -> str:
    return f"{slow / fast:.1f}x"


def main(names: list[str]) -> int:
    unknown = [name for name in names if name not in PARTS]
    if unknown:
        print(f"There is no part {unknown[0]}. Parts: {', '.join(PARTS)}")
        return 2
    started, rows, figures = time.strftime("%Y-%m-%d %H:%M"), [], {}
    for name in names or PARTS:
        print(f"measuring {name} …", flush=True)
        part, figures[name] = PARTS[name]()
        rows += part
    if _server is not None:
        _server.stop()
    table(rows)
    out = ROOT / "var" / "bench.json"
    out.parent.mkdir(exist_ok=True)
    out.write_text(
        json.dumps({"at": started, "rows": [asdict(r) for r in rows], "figures": figures}, indent=1)
    )
    print(f"\n{out.relative_to(ROOT)} holds the same figures.")
    return 0 if all(row.met is not False for row in rows) else 1


def table(rows: list[Row]) -> None:
    heads = ("what", "Concord", "baseline of this run", "ratio", "asked", "")
    cells = [
        (
            r.name,
            r.ours,
            r.baseline,
            r.ratio,
            r.bar,
            {True: "met", False: "NOT MET", None: ""}[r.met],
        )
        for r in rows
    ]
    widths = [max(len(row[i]) for row in [heads, *cells]) for i in range(len(heads))]
    for row in [heads, tuple("-" * width for width in widths), *cells]:
        print(
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

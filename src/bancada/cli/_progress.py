"""How far a sweep is: a live view in a terminal, a line per finished run in a log; always on stderr."""

from __future__ import annotations

import shutil
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.console import Console, Group
from rich.live import Live
from rich.text import Text

from bancada.cli._output import screen
from bancada.display import count, plain, seconds

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import TracebackType
    from typing import Self, TextIO

__all__ = ["Progress"]

_REDRAW_S = 0.1
_BAR_CELLS = 30
_SMALL_BAR_CELLS = 12
# What the words beside a bar need.
_HEAD_CELLS = 52
_SIDE_CELLS = 28
_MOST_LINES = 10
_OK = frozenset({"done", "known"})
_FAILED = "failed"
_INTERRUPTED = "interrupted"


@dataclass(slots=True)
class _Claim:
    """What has been seen of one claim: folds that ended, those that failed, and seconds of the computed ones."""

    ended: int = 0
    failed: int = 0
    computed: int = 0
    busy_s: float = 0.0
    last: int = 0


@dataclass(slots=True)
class _Sweep:
    """Counts of a whole sweep."""

    total: int = 0
    known: int = 0
    claims: int = 0
    ended: int = 0
    cached: int = 0
    failed: int = 0
    runs: int = 0
    runs_failed: int = 0
    waiting: int = 0
    in_work: dict[str, _Claim] = field(default_factory=dict)
    finished: list[_Claim] = field(default_factory=list)

    @property
    def per_claim(self) -> float:
        """Folds of one claim, on average."""
        return self.total / max(self.claims, 1)

    @property
    def there(self) -> int:
        """Folds that exist: those stored before, and those computed since."""
        return min(max(self.known + self.ended - self.cached, self.ended), self.total)

    def remaining_s(self, elapsed_s: float) -> float | None:
        """Estimate the seconds left; None before the first fold was computed.

        A claim's folds that are left cost what its folds cost so far, a claim not yet seen what all cost on average.
        The ratio of busy to elapsed seconds so far says how many run side by side.
        """
        seen = [*self.in_work.values(), *self.finished]
        computed, busy_s = sum(claim.computed for claim in seen), sum(claim.busy_s for claim in seen)
        if not computed or busy_s <= 0 or elapsed_s <= 0:
            return None
        left = self.total - self.there
        known_cost = [
            (max(self.per_claim - claim.ended, 0.0), claim.busy_s / claim.computed)
            for claim in self.in_work.values()
            if claim.computed
        ]
        told = sum(folds for folds, _ in known_cost)
        work_s = sum(folds * cost_s for folds, cost_s in known_cost)
        work_s = work_s * min(1.0, left / told) if told else 0.0
        work_s += max(left - told, 0.0) * busy_s / computed
        return work_s * min(elapsed_s / busy_s, 1.0)


class Progress:
    """Listens to a sweep and shows it.

    The driver calls `planned` once, then `fold` for each fold that ended and `run` for each claim that ended, then
    `close`; `tick` as often as it likes in between. All calls come from one thread. It starts no thread of its own,
    because the engine forks: what is seen moves when a method is called, at most ten times a second.

    Args:
        stream: Where to write, usually stderr.
        environ: Environment variables, for `NO_COLOR` and `TERM`.
        clock: Seconds that only grow.
    """

    def __init__(self, stream: TextIO, environ: Mapping[str, str], clock: Callable[[], float] = time.monotonic) -> None:
        where = screen(stream, environ)
        self._clock = clock
        self._started = clock()
        self._drawn = self._started - _REDRAW_S
        self._events = 0
        self._sweep = _Sweep()
        self._live: Live | None = None
        self._console = Console(
            file=stream,
            force_terminal=where.width is not None,
            no_color=not where.color,
            width=where.width,
            highlight=False,
            markup=False,
            emoji=False,
            soft_wrap=where.width is None,
        )

    def __enter__(self) -> Self:
        """Return itself; leaving the block closes it."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def planned(self, total_folds: int, known_folds: int, claims: int) -> None:
        """Say what will be done.

        Args:
            total_folds: Folds of all claims.
            known_folds: Those that are stored already.
            claims: Claims of the sweep, the baseline included.
        """
        self._sweep.total, self._sweep.known, self._sweep.claims = total_folds, known_folds, claims
        if self._console.is_terminal:
            self._live = Live(
                console=self._console,
                auto_refresh=False,
                transient=True,
                redirect_stdout=False,
                redirect_stderr=False,
                get_renderable=self._view,
            )
            self._live.start()
        self._redraw(at_once=True)

    def fold(self, label: str, repeat: int, fold: int, status: str, seconds: float | None, *, cached: bool) -> None:
        """Take the end of one fold.

        Args:
            label: Name of the claim's line.
            repeat: Number of the repeat, from 0.
            fold: Number of the fold, from 0.
            status: `done`, or how it failed.
            seconds: Duration of fit and predict; None or 0 where nothing was computed.
            cached: True where it was taken from the store.
        """
        sweep = self._sweep
        self._events += 1
        sweep.waiting = 0
        claim = sweep.in_work.setdefault(label, _Claim())
        claim.ended, claim.last = claim.ended + 1, self._events
        sweep.ended += 1
        if cached:
            sweep.cached += 1
        elif seconds:
            claim.computed, claim.busy_s = claim.computed + 1, claim.busy_s + seconds
        if status not in _OK:
            sweep.failed += 1
            claim.failed += 1
            if claim.failed == 1:
                self._line(f"{plain(label)}: {plain(status)} (repeat {repeat}, fold {fold})", "red")
        self._redraw()

    def run(self, label: str, status: str, score: str) -> None:
        """Take the end of one run.

        Args:
            label: Name of the claim's line.
            status: `done`, `known`, `failed` or `interrupted`.
            score: Its score as the board will show it, or why there is none.
        """
        sweep = self._sweep
        claim = sweep.in_work.pop(label, _Claim())
        sweep.finished.append(claim)
        sweep.runs += status != _INTERRUPTED
        sweep.runs_failed += status == _FAILED
        failed = status not in _OK
        if self._live is None or (failed and not claim.failed):
            self._line(f"{plain(label)}: {plain(status)}  {plain(score)}".rstrip(), "red" if failed else "")
        self._redraw()

    def waiting(self, folds: int) -> None:
        """Say, once for each time, that nothing is left but what another driver on the store computes.

        Args:
            folds: How many.
        """
        if not self._sweep.waiting and self._live is None:
            self._line(_waits(folds), "")
        self._sweep.waiting = folds
        self._redraw()

    def tick(self) -> None:
        """Let the clock move while nothing ends."""
        self._redraw()

    def close(self) -> None:
        """Take the live view away and write one line that sums up; a second call does nothing."""
        if self._live is not None:
            self._live.stop()
            self._live = None
        if self._sweep.claims:
            self._line(self._summary(), "dim")
            self._sweep.claims = 0

    def _line(self, text: str, style: str) -> None:
        self._console.print(Text(text, style))

    def _redraw(self, *, at_once: bool = False) -> None:
        now = self._clock()
        if self._live is not None and (at_once or now - self._drawn >= _REDRAW_S):
            self._drawn = now
            self._console.width = shutil.get_terminal_size().columns  # a window may be resized meanwhile
            self._live.refresh()

    def _summary(self) -> str:
        sweep = self._sweep
        runs = f"{count(sweep.runs)} of {count(sweep.claims)} runs"
        parts = [f"{runs} in {seconds(self._clock() - self._started)}"]
        parts.append(f"{count(sweep.ended - sweep.cached)} folds computed, {count(sweep.cached)} from the store")
        if sweep.runs_failed:
            parts.append(f"{count(sweep.runs_failed)} failed")
        return " · ".join(parts)

    def _view(self) -> Group:
        sweep, elapsed_s = self._sweep, self._clock() - self._started
        left_s = sweep.remaining_s(elapsed_s)
        head = Text(" ", no_wrap=True, overflow="ellipsis")
        cells = max(min(_BAR_CELLS, self._console.width - _HEAD_CELLS), _SMALL_BAR_CELLS)
        head.append_text(_bar(sweep.there, sweep.total, cells))
        head.append(f"  {count(sweep.there)}/{count(sweep.total)} folds", "bold")
        head.append(f"  {seconds(round(elapsed_s))}")
        if left_s is not None and sweep.there < sweep.total:
            head.append(f", about {seconds(max(round(left_s), 1))} left")
        if sweep.failed:
            head.append(f"  {count(sweep.failed)} failed", "red")
        if sweep.waiting:
            head.append(f"  {_waits(sweep.waiting)}", "dim")
        return Group(head, *self._claims())

    def _claims(self) -> list[Text]:
        """Return a line for each claim in work; where they are too many, for those that moved last."""
        sweep = self._sweep
        room = max(min(_MOST_LINES, self._console.height - 4), 1)
        latest = sorted((claim.last for claim in sweep.in_work.values()), reverse=True)[:room]
        shown = [(plain(label), claim) for label, claim in sweep.in_work.items() if claim.last in latest]
        width = min(
            max((cell_len(name) for name, _ in shown), default=0), max(self._console.width - _SMALL_BAR_CELLS - 24, 8)
        )
        lines = []
        for name, claim in shown:
            line = Text(" ", no_wrap=True, overflow="ellipsis")
            label = Text(name, "red" if claim.failed else "")
            label.truncate(width, overflow="ellipsis", pad=True)
            line.append_text(label).append("  ")
            line.append_text(_bar(claim.ended, round(sweep.per_claim), _SMALL_BAR_CELLS))
            line.append(f"  {claim.ended}/{sweep.per_claim:.0f}")
            if claim.computed:
                line.append(f"  {seconds(claim.busy_s / claim.computed)} a fold", "dim")
            lines.append(line)
        if len(sweep.in_work) > room:
            lines.append(Text(f" and {len(sweep.in_work) - room} more in work", "dim"))
        return lines


def _waits(folds: int) -> str:
    return f"waiting for {count(folds)} folds that another process computes"


def _bar(done: int, total: int, cells: int) -> Text:
    full = round(cells * min(done / total, 1.0)) if total else 0
    return Text.assemble(("━" * full, "green"), ("┄" * (cells - full), "bright_black"))

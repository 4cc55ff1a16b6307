"""Whether a class fits on one server: visitors who all move a slider on a fixed schedule, without a browser.

Each visitor speaks Streamlit's own protocol, opens the page with data of its own (its own seed, the guess answered;
with --alike all have the same, as in a class that follows one link), waits until everybody has opened it, and then
every T seconds moves the page's first slider to a value it has not had. "opened" is how long 95 of 100 waited for the
page, which 15 a second open. An answer takes from the request to Streamlit's word that the run is finished; like a
browser the visitor asks for the page's pictures by their addresses meanwhile, and "pictures" is how long the last of
them took (95 of 100 moves). A tick that passes while an answer is awaited is missed, and counted.

Every page has a server of its own, which one visitor has seen before; or all are mixed, visitor by visitor, on one
server (--mixed). With --copies a server is so many processes, to which the visitors are dealt out in turn; with --door
they come through the door of deploy/ (Caddy, which has to be installed), as in a school. Beside them, in the same run,
the bare page (benchmarks/bare/one_chart.py): in this project's configuration, and in Streamlit's own.

--flood adds each level twice more while one client asks for so many pictures a second, first of a server beside, which
takes the processor alone, then of the one that is visited; there its visitors may wait twice as long as without.
--quota is a slow machine: every server has such a share of one core. There errors alone are judged.

--minutes visits all pages mixed for so long and reports how memory grows, and what is left after everyone has gone,
beside what one visitor of every page had left before they came.
The visitors share the machine with the server: "client" is the processor time they take, "lag" how late they are
themselves (95 of 100 moves). A client near 100 % or a lag near the answers' own time means the machine is full,
not that the page is slow.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks._door import caddy, running_door
from benchmarks._flood import flooded
from benchmarks._places import BARE, PATHS, STEMS, STREAMLITS_OWN, data_of, sliders
from benchmarks._quota import slowed
from benchmarks._report import machine, pages, percentile, show, verdict, write
from benchmarks._schedule import Schedule
from benchmarks._server import rested_server, usage
from benchmarks._session import Session
from tests.browser.conftest import Server

# How many times as long as the bare page's answers 95 of 100 answers and pictures may take; no error, no missed tick.
BAR = 5.0
BARE_PAGE = "bare, this project's configuration"
# How many times as long they may take as without a flood, whose visitors' data begin at this number.
FLOODED, OTHERS = 2.0, 500
# The same flood of another server on the machine: what remains of the difference is the visited server's own doing.
BESIDE = "another server flooded"
# Visitors who open the page in a second, until all have.
ARRIVALS = 15
# Seconds between two looks at the server's memory, and after which Streamlit has surely let go of a closed session.
GLANCE, GONE = 0.5, 130
# The share of a long run after which memory is compared with its end: what is cached and imported is there by then.
WARM = 0.2


@dataclass
class Level:
    """What happened to so many visitors of a page; times in seconds, memory in megabytes, processors in percent."""

    sessions: int
    answers: list[float] = field(default_factory=list)
    openings: list[float] = field(default_factory=list)
    lags: list[float] = field(default_factory=list)
    pictures: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    missed: int = 0
    bytes: int = 0
    slider: str = ""
    memory: list[tuple[float, float]] = field(default_factory=list)
    server: float = 0.0
    client: float = 0.0

    def milliseconds(self, share: float) -> float:
        """Return the answers' percentile; infinite where there was no answer."""
        return 1e3 * percentile(self.answers, share) if self.answers else float("inf")

    def opened(self) -> float:
        """Return the milliseconds in which 95 of 100 had their page; infinite where nobody had."""
        return 1e3 * percentile(self.openings, 0.95) if self.openings else float("inf")

    def pictured(self) -> float | None:
        """Return the milliseconds in which 95 of 100 moves had their last picture; None where a page has none."""
        return 1e3 * percentile(self.pictures, 0.95) if self.pictures else None

    def within(self, bare: "Level | None") -> bool | None:
        """Return whether the level keeps its bar beside the bare page; None where that was not measured."""
        if bare is None:
            return None
        most = BAR * bare.milliseconds(0.95)
        fast = self.milliseconds(0.95) <= most and (self.pictured() or 0.0) <= most
        return fast and not (self.errors or self.missed)

    def stands(self, calm: "Level") -> bool:
        """Return whether answers and pictures under a flood take at most twice what they took without, no error."""
        pairs = (self.milliseconds(0.95), calm.milliseconds(0.95)), (self.pictured() or 0.0, calm.pictured() or 0.0)
        return not self.errors and all(now <= FLOODED * before for now, before in pairs)


@dataclass(frozen=True)
class Plan:
    """What each visitor does."""

    period: float
    moves: int
    slider: str | None
    alike: bool = False


class Gathering:
    """Visitors who begin together, as soon as each of so many is there or will never be."""

    def __init__(self, expected: int) -> None:
        self._expected, self._here, self._complete = expected, set[Session](), asyncio.Event()

    def arrive(self, who: Session) -> None:
        """Count a visitor, once."""
        self._here.add(who)
        if len(self._here) == self._expected:
            self._complete.set()

    async def complete(self) -> None:
        """Wait for all of them."""
        await self._complete.wait()


async def visitor(session: Session, plan: Plan, start: float, level: Level, everybody: Gathering) -> None:
    """Open the page at `start`, wait for everybody, then move its slider at every tick, and note what happens."""
    await asyncio.sleep(max(0.0, start - time.perf_counter()))
    try:
        async with session:
            level.openings.append(await session.open(plan.slider))
            everybody.arrive(session)
            await everybody.complete()
            level.slider = session.slider.label
            schedule = Schedule(due=time.perf_counter() + plan.period * session.random.random(), period=plan.period)
            for _ in range(plan.moves):
                await asyncio.sleep(max(0.0, schedule.due - time.perf_counter()))
                level.lags.append(time.perf_counter() - schedule.due)
                level.answers.append(await session.move())
                schedule.answered(time.perf_counter())
            level.missed += schedule.missed
            level.pictures += [last for _, last in session.seen]
    except Exception as error:  # whatever a visitor meets is an error of the page
        level.errors.append(f"{type(error).__name__}: {error}")
    finally:
        everybody.arrive(session)
        level.bytes += session.bytes


async def crowd(
    servers: Sequence[Server],
    where: Sequence[str],
    sessions: int,
    plan: Plan,
    door: Server | None = None,
    first: int = 0,
) -> Level:
    """Let so many visitors come one after the other within some seconds, dealt out over the servers, move, and go.

    `where` are the pages' names, "" for a bare page; `first` is the number of the first visitor's data. Where there is
    a door they all come through it, and it deals them out.
    """
    all_of_it = [*servers, door] if door else servers
    level = Level(sessions)
    begin, client, used = time.perf_counter(), time.process_time(), usage(all_of_it)[0]
    ramp, everybody = max(plan.period, sessions / ARRIVALS), Gathering(sessions)

    async def watch() -> None:
        while True:
            level.memory.append((time.perf_counter() - begin, usage(all_of_it)[1]))
            await asyncio.sleep(GLANCE)

    watching = asyncio.create_task(watch())
    await asyncio.gather(
        *(
            visitor(
                Session(
                    (door or servers[i % len(servers)]).url,
                    PATHS.get(stem := where[i // len(servers) % len(where)], ""),
                    f"?guess=0&{data_of(stem, first + i) if stem and not plan.alike else ''}",
                    i,
                    keys=sliders(stem) if stem else (),
                    cookies=door is not None,
                ),
                plan,
                begin + ramp * i / sessions,
                level,
                everybody,
            )
            for i in range(sessions)
        )
    )
    watching.cancel()
    wall = time.perf_counter() - begin
    level.client = 100 * (time.process_time() - client) / wall
    level.server = 100 * (usage(all_of_it)[0] - used) / wall
    level.memory.append((wall, usage(all_of_it)[1]))
    return level


def as_row(name: str, level: Level, keeps: bool | None) -> list[str]:
    """Return one line of the table, with its verdict, if there is one."""
    pictured = level.pictured()
    before, peak = level.memory[0][1], max(memory for _, memory in level.memory)
    return [
        name,
        f"{level.sessions}",
        f"{level.opened():.0f}",
        f"{len(level.answers)}",
        *(f"{level.milliseconds(share):.0f}" for share in (0.5, 0.95, 0.99)),
        "" if pictured is None else f"{pictured:.0f}",
        f"{len(level.errors)}",
        f"{level.missed}",
        f"{1e3 * percentile(level.lags, 0.95):.0f}" if level.lags else "",
        f"{level.server:.0f}",
        f"{level.client:.0f}",
        f"{before:.0f}",
        f"{peak - before:+.0f}",
        f"{level.bytes / 1024 / max(1, len(level.answers) + len(level.openings)):.0f}",
        "" if keeps is None else verdict(keeps),
    ]


HEAD = [
    "",
    "sessions",
    "opened",
    "answers",
    "p50",
    "p95",
    "p99",
    "pictures",
    "errors",
    "missed",
    "lag",
    "server %",
    "client %",
    "MB",
    "+MB",
]
HEAD += ["kB each", ""]


def report(name: str, level: Level) -> None:
    """Say on the way what has been measured, and which errors there were."""
    print(f"  {name}, {level.sessions} sessions: p95 {level.milliseconds(0.95):.0f} ms", file=sys.stderr, flush=True)
    for error, count in Counter(level.errors).most_common(3):
        print(f"    {count} x {error}", file=sys.stderr, flush=True)


def long_run(
    servers: Sequence[Server], where: Sequence[str], sessions: int, plan: Plan, door: Server | None = None
) -> Level:
    """Visit all pages mixed, print how memory grew, and what is left of it when everyone has gone."""

    def leave() -> float:
        print(f"  waiting {GONE} s for the sessions to be forgotten", file=sys.stderr, flush=True)
        time.sleep(GONE)
        return usage(servers)[1]

    # What every page imports and remembers is there before the crowd comes.
    asyncio.run(crowd(servers, where, len(where) * len(servers), Plan(plan.period, 1, plan.slider)))
    before = leave()
    level = asyncio.run(crowd(servers, where, sessions, plan, door))
    report("long run", level)
    warm = next(memory for when, memory in level.memory if when >= WARM * level.memory[-1][0])
    last, end = level.memory[-1]
    most = max(memory for _, memory in level.memory)
    left = leave()
    level.memory.append((last + GONE, left))
    show(
        f"memory in {last / 60:.0f} minutes of {sessions} sessions, MB",
        ["before", "at the most", f"after {WARM:.0%}", "at the end", "growth", "after all have gone", "of what came"],
        [
            [
                f"{before:.0f}",
                f"{most:.0f}",
                f"{warm:.0f}",
                f"{end:.0f}",
                f"{end / warm - 1:+.1%}",
                f"{left:.0f}",
                f"{(most - left) / (most - before):.0%} released" if most > before else "",
            ]
        ],
    )
    return level


def main() -> None:
    """Measure, print and write."""
    stems = STEMS
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", default="all", help=f"'all' or names with commas: {','.join(stems)}")
    parser.add_argument("--sessions", default="60", help="visitors at once; several levels with commas (default 60)")
    parser.add_argument("-T", type=float, default=2.0, help="seconds between a visitor's moves (default %(default)s)")
    parser.add_argument("--moves", type=int, default=5, help="moves of each visitor (default %(default)s)")
    parser.add_argument("--slider", help="the label of the slider to move (default: the first that can be moved)")
    parser.add_argument("--alike", action="store_true", help="all visitors have the same data")
    parser.add_argument("--mixed", action="store_true", help="spread the visitors over the pages")
    parser.add_argument("--minutes", type=float, default=0, help="measure memory over so many minutes instead")
    parser.add_argument("--copies", type=int, default=1, help="copies of the app, to which the visitors are dealt out")
    parser.add_argument("--door", action="store_true", help="let everybody come through the door before the copies")
    parser.add_argument("--flood", type=float, default=0, help="requests a second of one client, for example 2000")
    parser.add_argument("--forged", action="store_true", help="the flood names a new window with every request")
    parser.add_argument("--quota", type=float, default=0, help="share of one core that each server has, such as 0.5")
    parser.add_argument("--no-bare", dest="bare", action="store_false", help="leave out the bare pages")
    parser.add_argument("--json", help="write the results to this file")
    options = parser.parse_args()
    chosen = pages(options.pages, stems, parser)
    try:
        levels = [int(text) for text in options.sessions.split(",")]
    except ValueError:
        levels = []
    if not levels or min(levels) < 1 or options.T <= 0 or options.moves < 1 or options.copies < 1:
        parser.error("--sessions takes whole numbers from 1, -T more than 0 seconds, --moves and --copies at least 1")
    if options.flood < 0 or not 0 <= options.quota <= 1:
        parser.error("--flood takes 0 or more requests a second, --quota a share from 0 to 1; 0 is none")
    if options.door and caddy() is None:
        parser.error("--door takes Caddy, which is not installed: apt-get install caddy")

    print(" ".join(f"{name} {value}" for name, value in machine().items()))
    results: dict[str, list[Level]] = {}
    rows = []
    beside: dict[int, Level] = {}

    def measure(
        name: str,
        servers: Sequence[Server],
        where: Sequence[str],
        slider: str | None = None,
        door: Server | None = None,
    ) -> None:
        asyncio.run(crowd(servers, where, len(where) * len(servers), Plan(0.1, 1, slider, options.alike)))
        for sessions in levels:
            plan = Plan(options.T, options.moves, slider, options.alike)
            level = asyncio.run(crowd(servers, where, sessions, plan, door))
            report(name, level)
            results.setdefault(name, []).append(level)
            if name == BARE_PAGE:
                beside[sessions] = level
            keeps = (
                not level.errors
                if options.quota
                else None
                if name.startswith("bare")
                else level.within(beside.get(sessions))
            )
            rows.append(as_row(name, level, keeps))
            if options.flood and not name.startswith("bare"):
                with started("server beside", where) as beside_it:
                    floods = {f"{name}, {BESIDE}": beside_it, f"{name}, flooded": door or servers[0]}
                    for number, (told, whom) in enumerate(floods.items(), 1):
                        with flooded(whom.url, options.flood, options.forged) as found:
                            under = asyncio.run(crowd(servers, where, sessions, plan, door, number * OTHERS))
                        report(f"{told} ({found})", under)
                        results.setdefault(told, []).append(under)
                        rows.append(as_row(told, under, None if whom is beside_it else under.stands(level)))

    with tempfile.TemporaryDirectory() as text:
        folder = Path(text)

        @contextmanager
        def started(log: str, stems: Sequence[str], *how: object) -> Iterator[Server]:
            with rested_server(stems, folder / log, *how) as server, slowed(server.pid, options.quota) as speed:
                print(f"  {log}: {speed}", file=sys.stderr, flush=True)
                yield server

        @contextmanager
        def copies(stems: Sequence[str]) -> Iterator[tuple[list[Server], Server | None]]:
            with ExitStack() as stack:
                start = stack.enter_context
                servers = [start(started(f"copy {number}", stems)) for number in range(options.copies)]
                hosts = [urlsplit(server.url).netloc for server in servers]
                yield servers, start(running_door(folder, hosts)) if options.door else None

        if options.bare and not options.minutes:
            with started("bare page", [], BARE / "one_chart.py") as server:
                measure(BARE_PAGE, [server], [""])
        where = chosen
        if options.minutes > 0:
            with copies(where) as (servers, door):
                moves = int(60 * options.minutes / options.T)
                level = long_run(servers, where, levels[0], Plan(options.T, moves, options.slider), door)
            results["long run"] = [level]
            rows.append(as_row("long run", level, None))
        elif options.mixed:
            with copies(where) as (servers, door):
                measure("all mixed", servers, where, options.slider, door)
        else:
            for stem in chosen:
                with copies([stem]) as (servers, door):
                    measure(stem, servers, [stem], options.slider, door)
        if options.bare and not options.minutes:
            with started("bare page, Streamlit's own", [], BARE / "one_chart.py", folder, STREAMLITS_OWN) as server:
                measure("bare, Streamlit's own configuration", [server], [""])
    show(
        f"{options.moves} moves, one every {options.T:g} s, answers in ms "
        f"(bar: p95 and pictures within {BAR:g} times the bare page's p95, no error, no missed tick)",
        HEAD,
        rows,
    )
    write(options.json, {"levels": {name: [asdict(level) for level in found] for name, found in results.items()}})


if __name__ == "__main__":
    main()

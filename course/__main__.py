"""The course's one command line: `python -m course COMMAND`."""

import argparse
import os
import sys
from pathlib import Path

from course.paths import ROOT, CourseError, assignments, choose


def exercises(args: argparse.Namespace) -> int:
    from course.release import make_exercises, somebodys

    names = choose(args.names)
    made = make_exercises(names, force=args.force)
    print(f"exercises: {len(made)} made, {len(names) - len(made)} up to date")
    for line in somebodys(names):
        print(line)
    return 0


def answers(args: argparse.Namespace) -> int:
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    os.environ.setdefault("MPLBACKEND", "agg")
    from course.answers import as_json, messages, run, summary, told, tried
    from course.attempts import loose

    wrong = 0
    if args.folder and len(args.names) != 1:
        raise CourseError("say which assignment the answers are for: python -m course answers 06 --from FOLDER")  # fmt: skip
    for name in choose(args.names):
        if args.folder:
            attempts = tried(*loose(name, args.folder, args.only), args.seeds, args.jobs)
            lines, problems = told(attempts)
            print("\n".join(lines))
            return 1 if problems else 0
        attempts = run(name, args.seeds, args.only, args.jobs, naming=args.messages)
        if args.json:
            print(as_json(attempts))
            continue
        if args.messages:
            print(messages(attempts))
        table, problems = summary(attempts)
        print(f"{name}, {args.seeds} seeds\n{table}")
        for problem in problems:
            print(f"  ! {problem}")
        wrong += len(problems)
    return 1 if wrong else 0


def check(args: argparse.Namespace) -> int:
    from course.check import check, find, report

    path = find(args.notebook)
    verdicts = check(path, args.timeout)
    print(f"{path}\n{report(verdicts)}")
    return 0 if all(v.state == "passes" for v in verdicts) else 1


def collect(args: argparse.Namespace) -> int:
    from course.grading.intake.collect import collect

    (name,) = choose([args.assignment])
    results = collect(args.sources, name)
    for r in results:
        if not r.stored:
            print(f"not taken: {r.student or r.source}: {r.reason}")
        if r.note:
            print(f"{r.student}: {r.note}")
    print(f"{sum(r.stored for r in results)} of {len(results)} taken into submitted/")
    return 0 if results and all(r.stored for r in results) else 1


def grade(args: argparse.Namespace) -> int:
    from course.grading.batch import grade

    (name,) = choose([args.assignment])
    try:
        return grade(
            name, jobs=args.jobs, scheduler=args.scheduler, unsafe=args.unsafe, anew=args.anew
        )
    except KeyboardInterrupt:
        print("\nstopped; the same command goes on from here", file=sys.stderr)
        return 130


def certificates(args: argparse.Namespace) -> int:
    from course.grading.run import certificates

    folder = certificates.make()
    print(
        f"{folder} holds the key of the machines that grade together, for a year: copy it to each"
    )
    print("of them, to the same place, and to nobody else. Then, on one of them and on the others:")
    for command in certificates.commands(folder):
        print(f"  {command}")
    print("and here: make grade ASSIGNMENT=01-… SCHEDULER=tls://HOST:8786")
    return 0


def handback(args: argparse.Namespace) -> int:
    from course.grading.review.handback import hand_back

    (name,) = choose([args.assignment])
    made, problems = hand_back(name, sheet=args.sheet, column=args.column)
    for problem in problems:
        print(f"not handed back: {problem}")
    for path in made:
        print(path.relative_to(ROOT))
    return 1 if problems else 0


def book(args: argparse.Namespace) -> int:
    from course.book import build

    pairs(args)
    front = build(strict=not args.lenient)
    print(f"\nthe book is built; open {front.as_uri()} (or run `make serve`)")
    return 0


def pdf(args: argparse.Namespace) -> int:
    from course.paper import make

    print(f"the book on paper: {make(args.pages).relative_to(ROOT)}")
    return 0


def pairs(args: argparse.Namespace) -> int:
    from course.pairs import stale_pairs, write_pairs

    for path in write_pairs():
        print(f"{path.relative_to(ROOT)}: written")
    for path in stale_pairs():
        print(
            f"{path.relative_to(ROOT)}: has been worked in, left as it is; delete it for the course's own"
        )
    return 0


def serve(args: argparse.Namespace) -> int:
    from functools import partial
    from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

    pages = ROOT / "_build" / "html"
    if not (pages / "index.html").is_file():
        raise CourseError("the book is not built yet: run `make book` first")
    handler = partial(SimpleHTTPRequestHandler, directory=str(pages))
    with ThreadingHTTPServer(("127.0.0.1", args.port), handler) as server:
        print(f"the book is at http://127.0.0.1:{server.server_port}/ (Ctrl-C stops)")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print()
    return 0


def lab(args: argparse.Namespace) -> int:
    from course.desk import fill, open_jupyterlab

    for line in fill():
        print(line, flush=True)
    return open_jupyterlab(args.options, args.teach)


def system(args: argparse.Namespace) -> int:
    from course.system import install

    missing = install(args.packages)
    for need in missing:
        print(f"missing: {need.package} (`apt install {need.package}`); skipped: {need.without}")
    return 1 if missing and os.environ.get("CI") == "true" else 0


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="python -m course", description=__doc__)
    add = top.add_subparsers(metavar="COMMAND", required=True).add_parser
    some = {"nargs": "*", "metavar": "ASSIGNMENT", "help": "all, if none is named; 01 will do"}

    p = add("exercises", help="make the exercise notebooks from their sources")
    p.add_argument("names", **some)
    p.add_argument("--force", action="store_true", help="even those that are up to date")
    p.set_defaults(run=exercises)

    p = add("answers", help="try the checks on answers known to be right and wrong")
    p.add_argument("names", **some)
    p.add_argument("--seeds", type=int, default=3, help="how many seeds (default 3)")
    p.add_argument("--only", metavar="ANSWER", help="this graded cell alone")
    p.add_argument("--jobs", type=int, default=0, help="processes (default: one a core)")
    p.add_argument("--from", dest="folder", type=Path, metavar="FOLDER",
                   help="try loose answers in its place: FOLDER/NAME/right_….py, wrong_….py")  # fmt: skip
    p.add_argument("--messages", action="store_true", help="what each wrong answer is told")
    p.add_argument("--json", action="store_true", help="every verdict, as JSON")
    p.set_defaults(run=answers)

    p = add("check", help="run the visible checks of a notebook in progress")
    p.add_argument("notebook", help="a path, its file name, or 06 for the assignment")
    p.add_argument("--timeout", type=int, default=120, help="seconds a cell (default 120)")
    p.set_defaults(run=check)

    p = add("collect", help="take in what a class handed in: folders, zips, loose notebooks")
    p.add_argument("assignment", metavar="ASSIGNMENT", help=f"one of: {', '.join(assignments())}")
    p.add_argument(
        "sources",
        nargs="+",
        type=Path,
        metavar="PATH",
        help="as the platform gave it; Moodle's grading worksheet too",
    )
    p.set_defaults(run=collect)

    p = add("grade", help="grade what lies in submitted/, write feedback and grades.csv")
    p.add_argument("assignment", metavar="ASSIGNMENT", help=f"one of: {', '.join(assignments())}")
    p.add_argument("--jobs", type=int, default=0, metavar="N", help="at one time (default: cores)")
    p.add_argument(
        "--scheduler", default="", metavar="ADDRESS", help="of Dask's, tls://…, or slurm"
    )
    p.add_argument("--unsafe", action="store_true", help="even where no sandbox can run")
    p.add_argument("--anew", action="store_true", help="run all again, also what is unchanged")
    p.set_defaults(run=grade)

    p = add("certificates", help="make the key that machines share which grade together")
    p.set_defaults(run=certificates)

    p = add("handback", help="write marks and feedback as Moodle and Canvas take them back")
    p.add_argument("assignment", metavar="ASSIGNMENT", help=f"one of: {', '.join(assignments())}")
    p.add_argument("--sheet", type=Path, metavar="CSV", help="the platform's own, to be filled in")
    p.add_argument("--column", default="", help="its column for the marks of this assignment")
    p.set_defaults(run=handback)

    p = add("book", help="build the book, strictly")
    p.add_argument("--lenient", action="store_true", help="warnings are no errors")
    p.set_defaults(run=book)

    p = add("pdf", help="print the built book into one PDF, or some of its pages")
    p.add_argument(
        "pages", nargs="*", metavar="PAGE", help="chapters/05-diffusion, …; all, if none"
    )
    p.set_defaults(run=pdf)

    add("pairs", help="write the notebook beside each chapter").set_defaults(run=pairs)

    p = add("serve", help="show the built book on this machine")
    p.add_argument("--port", type=int, default=8000, help="0 picks a free one (default 8000)")
    p.set_defaults(run=serve)

    p = add("lab", help="open JupyterLab on work/, your own copies of the exercises")
    p.add_argument(
        "--teach", action="store_true", help="on the whole course, with nbgrader's tools"
    )
    p.add_argument("options", nargs="*", metavar="-- OPTION", help="handed on to JupyterLab")
    p.set_defaults(run=lab)

    p = add("system", help="install the system packages that are missing")
    p.add_argument("packages", nargs="*", metavar="PACKAGE", help="these alone")
    p.set_defaults(run=system)
    return top


def main() -> int:
    os.environ.setdefault("PYTHONUTF8", "1")  # of what is started from here, in any locale
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a sign that the terminal has not
    args = parser().parse_args()
    try:
        return args.run(args)
    except CourseError as problem:
        print(f"course: {problem}", file=sys.stderr)
        return 1
    except ModuleNotFoundError as problem:
        if (problem.name or "course").partition(".")[0] in ("course", "dgm"):
            raise
        print(
            f"course: this Python, {sys.executable}, has no {problem.name}. The course has its own: "
            "run `make lab` once, then .venv/bin/python -m course …", file=sys.stderr
        )  # fmt: skip
        return 1


if __name__ == "__main__":
    sys.exit(main())

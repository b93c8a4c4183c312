"""The benchmarks run, and show what the course claims of itself beside its peers."""

import importlib.util
import json
import os
import re
import subprocess
import sys
from itertools import count

import pytest

from course import book
from course.paths import ROOT


def run(name, *arguments, **environment):
    done = subprocess.run(
        [sys.executable, f"benchmarks/{name}.py", *arguments],
        cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout


def test_benchmark_runs_small():
    text = run("logistic", "--rows", "2000", "--features", "5", "--repeats", "1")
    assert len(re.findall(r"ratio \d", text)) == 6


@pytest.mark.slow
def test_logistic_regression_is_as_fast_as_scikit_learns_at_equal_accuracy():
    text = run("logistic", "--repeats", "5")
    large = text.split("100 x 20")[0]
    ratios = [float(r) for r in re.findall(r"logistic, .* ratio ([\d.]+)", large)]
    slopes = [float(s) for s in re.findall(r"largest slope, .*: (\S+)", large)]
    assert len(ratios) == 2
    assert max(slopes) < 1e-5
    assert max(ratios) <= 1.0, text


def test_vae_benchmark_runs_our_half_without_its_peer(tmp_path):
    (tmp_path / "pythae.py").write_text('raise ImportError("none here")\n')
    small = ("--rows", "130", "--epochs", "1", "--seeds", "2", "--hidden", "16")
    text = run("vae", *small, PYTHONPATH=str(tmp_path))
    assert "without pythae (none here): our half alone" in text.splitlines()[0]
    assert "pip install pythae" in text.splitlines()[0]
    assert "128 to train" in text
    assert len(re.findall(r"seed \d: ours [\d.]+ \(\d\.\d{4}\)$", text, re.M)) == 2
    assert re.search(r"^ms per step, .*: ours \d", text, re.M)


@pytest.mark.slow
def test_our_vae_bounds_its_test_set_no_worse_than_pythaes():
    pytest.importorskip("pythae.models")
    text = run("vae")
    assert len(re.findall(r"seed \d: ours .* pythae", text)) == 8
    mean, error = map(float, re.search(r"difference +(\S+) \+- (\S+)", text).groups())
    assert mean <= 3 * error, text  # the order of batches and the noise differ, and nothing else
    assert float(re.search(r"they differ by (\S+) nats", text)[1]) < 1e-3


def test_gan_benchmark_ends_at_the_same_weights():
    text = run("gan", "--steps", "2", "--batch", "8")
    assert len(re.findall(r"ratio \d", text)) == 2
    gaps = [float(gap) for gap in re.findall(r"differ by (\S+)", text)]
    assert len(gaps) == 2
    assert max(gaps) < 1e-5


# The driver: one run, one table


@pytest.fixture
def driver(monkeypatch):
    """`benchmarks/__main__.py` as a module."""
    monkeypatch.syspath_prepend(ROOT / "benchmarks")
    spec = importlib.util.spec_from_file_location("driver", ROOT / "benchmarks" / "__main__.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def stub(driver, name, *items, error=None):
    """A row that yields `items`, then raises."""

    def measure(quick):
        yield from items
        if error:
            raise error

    return driver.Row(name, f"measures {name}", "0", measure)


def result(driver, what, ours, theirs, peer="a peer", **more):
    return driver.Result(what, driver.Pairs(ours, theirs), peer, "equal", **more)


def test_a_failing_row_costs_no_other_and_is_named(driver, monkeypatch, tmp_path, capsys):
    fast, slow = [0.5] * 9, [1.0] * 9
    rows = [
        stub(driver, "first", result(driver, "one", fast, slow)),
        stub(driver, "breaks", result(driver, "two", slow, fast), error=RuntimeError("no luck")),
        stub(driver, "leaves", error=SystemExit("went away")),
        stub(driver, "alone", driver.Missing("torchy", "no module")),
        stub(driver, "last", result(driver, "three", slow, slow)),
    ]
    monkeypatch.setattr(driver, "ROWS", rows)
    out = tmp_path / "figures.json"
    assert driver.main(["--write", "--out", str(out)]) == 1
    shown = capsys.readouterr().out
    assert "breaks: FAILED: RuntimeError: no luck" in shown
    assert "leaves: FAILED: SystemExit: went away" in shown
    assert "alone: without torchy (no module); to have it: pip install torchy" in shown
    stored = json.loads(out.read_text())
    assert [(r["what"], r["ratio"], r["says"]) for r in stored["rows"]] == [
        ("one", 0.5, "we lead: 2 times as fast"),
        ("two", 2.0, "we are behind: 2 times as long"),
        ("three", 1.0, "no difference seen"),
    ]
    assert [r["row"] for r in stored["failed"]] == ["breaks", "leaves"]
    assert [r["peer"] for r in stored["missing"]] == ["torchy"]


def test_rows_measured_earlier_stay_until_they_are_measured_again(driver, monkeypatch, tmp_path):
    out = tmp_path / "figures.json"

    def go(*rows, only):
        order = [stub(driver, n) for n in ("a", "b") if n not in {r.name for r in rows}]
        monkeypatch.setattr(driver, "ROWS", sorted([*order, *rows], key=lambda r: r.name))
        driver.main(["--write", "--out", str(out), "--only", *only])
        stored = json.loads(out.read_text())
        lines = [(r["row"], r["what"], r["peer"], r["ratio"]) for r in stored["rows"]]
        return lines, stored["missing"], stored["failed"]

    x, y = (result(driver, "step", [r], [1.0], peer) for r, peer in ((0.5, "x"), (0.25, "y")))
    b = result(driver, "b", [1.0], [1.0])
    lines, *_ = go(stub(driver, "b", b), stub(driver, "a", x, y), only=("a", "b"))
    first = [("a", "step", "x", 0.5), ("a", "step", "y", 0.25), ("b", "b", "a peer", 1.0)]
    assert lines == first
    lines, _, failed = go(stub(driver, "a", error=ValueError("bad")), only=("a",))
    assert lines == first
    assert failed[0]["reason"] == "ValueError: bad"
    again = result(driver, "step", [0.8], [1.0], "x")
    lines, missing, failed = go(stub(driver, "a", driver.Missing("y", "gone"), again), only=("a",))
    assert sorted(lines) == [("a", "step", "x", 0.8), *first[1:]], "y's older figure stays"
    assert (len(missing), failed) == (1, [])
    lines, missing, _ = go(stub(driver, "a", again), only=("a",))
    assert lines == [("a", "step", "x", 0.8), first[2]], "a row measured whole replaces its lines"
    assert missing == []


def test_quick_rows_run_and_are_stored_whole(driver, tmp_path):
    out = tmp_path / "figures.json"
    done = subprocess.run(
        [sys.executable, "benchmarks", "--quick", "--write", "--out", str(out), "--only",
         "logistic", "naive-bayes", "vae", "gan"],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(no_pythae(tmp_path))},
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "vae: without pythae (none here); to have it: pip install pythae" in done.stdout
    figures = json.loads(out.read_text())
    assert [r["row"] for r in figures["rows"]] == ["logistic"] * 2 + ["naive-bayes"] * 2 + [
        "gan"
    ] * 2
    assert all(r["quick"] for r in figures["rows"])
    check_schema(driver, figures)


def no_pythae(folder):
    (folder / "pythae.py").write_text('raise ImportError("none here")\n')
    return folder


def check_schema(driver, figures):
    assert set(figures) == {"rows", "missing", "failed", "not_yet"}
    assert figures["not_yet"] == driver.gaps(figures, driver.ROWS)
    names = [row.name for row in driver.ROWS]
    places = [names.index(r["row"]) for r in figures["rows"]]
    assert places == sorted(places)
    keys = {(r["row"], r["what"], r["peer"]) for r in figures["rows"]}
    assert len(keys) == len(figures["rows"])
    for r in figures["rows"]:
        assert all(r[k] for k in ("what", "peer", "note", "command", "date", "machine")), r
        low, high = r["interval"]
        assert 0 < low <= r["ratio"] <= high
        assert r["repeats"] >= 1
        assert min(r["ours_ms"], r["theirs_ms"]) > 0
        if not r["itself"]:
            said = "we lead" if high < 1 else "we are behind" if low > 1 else "no difference"
            assert r["says"].startswith(said), r


def test_what_is_stored_fits_and_the_page_shows_all_of_it(driver):
    figures = json.loads(driver.FIGURES.read_text())
    check_schema(driver, figures)
    assert not any(r["quick"] for r in figures["rows"])
    page = (ROOT / "book" / "benchmark.md").read_text()
    shown, names = "", {}
    for cell in re.findall(
        r"^```\{code-cell\} python\n---\n.*?\n---\n(.*?)^```$", page, re.M | re.S
    ):
        body, _, last = cell.rstrip().rpartition("\n")
        exec(body, names)
        shown += eval(last, names).data
    for r in figures["rows"]:
        assert f"| {r['what']}, beside {r['peer']} |" in shown
        assert f"`{r['command']}`" in shown
        assert r["says"] in shown
    assert all(r["install"] in shown for r in figures["missing"])
    assert all(says in shown for says in figures["not_yet"])


def test_quick_figures_are_kept_out_of_the_book(driver, capsys):
    with pytest.raises(SystemExit):
        driver.main(["--quick", "--write"])
    assert "--out" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        driver.main(["--only", "vea"])
    assert "naive-bayes" in capsys.readouterr().err


def test_help_lists_the_rows(driver):
    text = driver.parser().format_help()
    for name in ("logistic", "ddpm", "book", "grading", "--only", "--quick", "--write"):
        assert re.search(rf"^ +{name} ", text, re.M), name


def test_sides_take_turns_and_the_first_rounds_do_not_count(driver):
    pairs_module = sys.modules["pairs"]
    order, ticks = [], count()
    pairs = pairs_module.take_turns(
        lambda: order.append("o"), lambda: order.append("t"), 4, warm=2, clock=lambda: next(ticks)
    )
    assert "".join(order) == "toottoottoot"
    assert pairs.ours == pairs.theirs == [1] * 4


def test_a_phase_within_another_is_charged_alone(driver):
    from grading_phases import Clocks

    now = [0.0]

    class Work:
        def outer(self):
            now[0] += 1
            self.inner()
            self.inner()

        def inner(self):
            now[0] += 10

    clocks = Clocks(lambda: now[0])
    clocks.around("outer", Work, "outer")
    clocks.around("inner", Work, "inner")
    Work().outer()
    Work().inner()
    assert clocks.spent == {"inner": 30, "outer": 1}


def test_phases_are_told_a_submission(driver, tmp_path):
    from grading_phases import of

    from course.grading.records import CheckResult, Record

    spent = tmp_path / "spent.json"
    spent.write_text(json.dumps({
        "phases": {"start": 3.0, "rebuild": 0.5, "store": 0.25, "database": 0.5, "export": 1.0},
        "jobs": [[1, 6.0, 2.0], [2, 7.0, 3.0], [1, 2.5, 2.0], [2, 3.25, 3.0]],
    }))  # fmt: skip
    records = [Record({"f": CheckResult("passed", 1.0, "", 1.5)}, seconds=s) for s in (2.0, 3.0)]
    found = {k.removeprefix("seconds_"): v for k, v in of(spent, records).items()}
    assert found == {
        "start": 3.0, "workers": 4.0, "rebuild": 0.25, "store": 0.125, "database": 0.25,
        "export": 0.5, "cells": 1.0, "checks": 1.5, "fork": 0.375, "without_the_checks": 2.5,
    }  # fmt: skip


def test_ratios_are_of_pairs_and_their_interval_holds_the_median(driver):
    pairs = driver.Pairs([1.0, 4.0, 30.0], [2.0, 4.0, 10.0])
    assert pairs.ratios() == [0.5, 1.0, 3.0]
    assert pairs.ratio() == 1.0
    assert pairs.interval() == (0.5, 3.0)
    # Of 25, the order statistics 8 and 18: the table for a sign test at 5 %.
    pairs = driver.Pairs([float(i) for i in range(1, 26)], [1.0] * 25)
    assert pairs.interval() == (8.0, 18.0)
    assert pairs.middle_half() == (6.5, 19.5)


def test_a_changed_page_is_stale_in_the_book(driver, tmp_path):
    import jupytext

    build = importlib.import_module("book_build")
    page = tmp_path / "01-discriminative-generative.md"
    page.write_text((ROOT / "book" / "chapters" / page.name).read_text())
    before = book.digest(jupytext.read(page, fmt="md:myst"))
    build.change(page, "once")
    assert book.digest(jupytext.read(page, fmt="md:myst")) != before


@pytest.mark.slow
def test_book_and_grading_rows_run_small(driver, tmp_path):
    out = tmp_path / "figures.json"
    status = driver.main(
        ["--quick", "--write", "--out", str(out), "--only", "jupyter-book", "grading"]
    )
    figures = json.loads(out.read_text())
    assert status == 0, figures["failed"]
    check_schema(driver, figures)
    assert len(figures["rows"]) == 4

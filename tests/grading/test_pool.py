"""Jobs run side by side, each once; a worker that dies costs its job alone, and none outlives us."""

import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from course.grading.records import Job
from course.grading.run import certificates, crew, pool
from course.grading.run.store import Store
from course.grading.run.worker import Worker
from course.paths import ROOT, CourseError
from tests.grading.processes import alive, gone, wait_for

FAKE = "fake_judge:grade"
HERE = Path(__file__).parent


def job(student, right=True):
    source = "def f(): ...\n# right: f-check" if right else "def f(): ..."
    cells = [{"cell_type": "code", "id": "f", "source": source}]
    return Job("01-a", student, {"cells": cells}, {"f-check": "f()"}, (), {"f-check": 2.0}, ("f",))


@pytest.fixture
def notes(tmp_path, monkeypatch):
    """Where the fake judge notes the jobs that it began."""
    path = tmp_path / "notes"
    monkeypatch.setenv("FAKE_JUDGE_NOTES", str(path))
    return path


def begun(notes):
    return [line.split()[1] for line in notes.read_text().splitlines()] if notes.exists() else []


def run(jobs, store, **options):
    options = {"workers": 2, "grade": FAKE, "progress": False} | options
    return {job.student: outcome for job, outcome in pool.run(jobs, store, **options)}


def state(outcome):
    return outcome.record.checks["f-check"].state


def test_each_job_is_run_once_and_then_known(tmp_path, notes):
    store = Store(tmp_path / "store", "here")
    jobs = [job("ada"), job("bao", right=False), job("cem"), job("dia"), job("eva")]
    first = run(jobs, store)
    assert {s: state(o) for s, o in first.items()} == {
        "ada": "passed", "bao": "failed", "cem": "passed", "dia": "passed", "eva": "passed",
    }  # fmt: skip
    assert sorted(begun(notes)) == ["ada", "bao", "cem", "dia", "eva"]
    pids = {line.split()[0] for line in notes.read_text().splitlines()}
    assert len(pids) <= 2  # workers take job after job
    assert gone(map(int, pids))
    assert run(jobs, store) == first
    assert len(begun(notes)) == 5


def test_a_worker_that_dies_is_replaced_and_its_job_tried_once_more(tmp_path, notes):
    store = Store(tmp_path / "store", "here")
    jobs = [job("dies"), job("dies-once"), job("raises"), *(job(f"s{n}") for n in range(6))]
    outcomes = run(jobs, store)
    assert len(outcomes) == len(jobs)
    assert {s for s, o in outcomes.items() if state(o) != "passed"} == {"dies", "raises"}
    for student in ("dies", "raises"):
        assert "machine failed" in outcomes[student].record.reason
        assert [f.kind for f in outcomes[student].record.flags] == [crew.MACHINE]
        assert outcomes[student].record.checks["f-check"].score == 0
        assert begun(notes).count(student) == 2
        assert store.get(job(student)) is None  # so that the next run tries it again
    assert "a defect of the judge" in outcomes["raises"].record.reason
    assert begun(notes).count("dies-once") == 2
    assert all(begun(notes).count(f"s{n}") == 1 for n in range(6))


def test_one_that_never_answers_is_given_up(tmp_path, notes, monkeypatch):
    begun = []

    class Noted(Worker):
        def __init__(self, *arguments):
            super().__init__(*arguments)
            begun.append(self.process.pid)

    monkeypatch.setattr(crew, "Worker", Noted)
    monkeypatch.setattr("course.grading.run.worker.GRACE", 4.0)
    outcomes = run([replace(job("hangs"), total_timeout=0.0)], Store(tmp_path / "store", "here"))
    assert "no answer" in outcomes["hangs"].record.reason
    assert len(begun) == 2
    assert gone(begun)


def test_no_sandbox_is_said_and_stops(tmp_path, notes, monkeypatch):
    monkeypatch.setenv("FAKE_JUDGE_REFUSES", "yes")
    store = Store(tmp_path / "store", "here")
    with pytest.raises(CourseError, match="no sandbox here"):
        run([job("ada"), job("bao")], store)
    assert begun(notes) == []
    assert state(run([job("ada")], store, unsafe=True)["ada"]) == "passed"


def test_leaving_half_way_keeps_what_is_done(tmp_path, notes):
    store = Store(tmp_path / "store", "here")
    first, stuck = [job("ada"), job("bao")], [job("hangs-once"), job("hangs-once-too")]
    jobs = [*first, *stuck, *(job(f"s{n}") for n in range(4))]
    source = pool.run(jobs, store, workers=2, grade=FAKE, progress=False)
    done = [next(source)[0], next(source)[0]]
    assert wait_for(lambda: len(begun(notes)) == 4)  # now both workers are stuck
    source.close()
    assert sorted(j.student for j in done) == ["ada", "bao"]
    assert all(store.get(j) for j in done)
    assert gone(int(line.split()[0]) for line in notes.read_text().splitlines())
    assert len(begun(notes)) == 4
    assert len(run(jobs, store)) == 8
    assert len(begun(notes)) == 10


MAIN = """
import sys
from pathlib import Path
sys.path[:0] = [{here!r}, {root!r}]
from test_pool import FAKE, job
from course.grading.run import pool
from course.grading.run.store import Store
jobs = [job("slow0"), job("slow1"), job("hangs0"), job("hangs1"), job("slow2")]
for done, _ in pool.run(jobs, Store(Path({store!r}), "here"), workers=2, grade=FAKE):
    print(done.student, flush=True)
"""


@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGINT])
def test_no_worker_outlives_the_main_process(tmp_path, notes, sign):
    text = MAIN.format(here=str(HERE), root=str(ROOT), store=str(tmp_path / "store"))
    main = subprocess.Popen([sys.executable, "-c", text], stdout=subprocess.PIPE, text=True)
    assert {main.stdout.readline().strip() for _ in range(2)} == {"slow0", "slow1"}
    assert wait_for(lambda: len(begun(notes)) == 4)
    pids = {int(line.split()[0]) for line in notes.read_text().splitlines()}
    assert len(pids) == 2
    assert all(map(alive, pids))
    main.send_signal(sign)
    main.wait(120)
    main.stdout.close()
    assert gone(pids)
    store = Store(tmp_path / "store", "here")
    assert store.get(job("slow0"))
    assert not store.get(job("hangs0"))


def test_progress_is_a_line_for_every_tenth(tmp_path, notes, capsys):
    jobs = [job(f"s{n}") for n in range(20)]
    run(jobs, Store(tmp_path / "store", "here"), progress=True)
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 10
    assert lines[0].startswith("run 2 of 20, about ")
    assert lines[-1] == "run 20 of 20, about 0 s left"


@pytest.fixture
def key(tmp_path, monkeypatch):
    """The folder of a key of its own."""
    folder = tmp_path / "key"
    monkeypatch.setattr(certificates, "FOLDER", folder)
    return folder


def test_on_dask_a_killed_worker_costs_nothing(tmp_path, notes, key):
    distributed = pytest.importorskip("distributed")
    certificates.make()
    store = Store(tmp_path / "store", "here")
    jobs = [job(f"slow{n}", right=n % 3 > 0) for n in range(18)] + [job("dies-once")]
    with distributed.LocalCluster(
        n_workers=3, threads_per_worker=1, processes=True, dashboard_address=None,
        security=certificates.security(), protocol="tls://",
    ) as cluster:  # fmt: skip
        assert cluster.scheduler_address.startswith("tls://")
        outcomes = {}
        for done, outcome in pool.run(
            jobs, store, scheduler=cluster.scheduler_address, grade=FAKE, progress=False
        ):
            outcomes[done.student] = outcome
            if len(outcomes) == 6:
                victim = next(iter(cluster.workers.values()))
                pid = victim.process.pid
                os.kill(pid, signal.SIGKILL)
        assert len(outcomes) == len(jobs)
        assert not alive(pid)
        wrong = {s for s, o in outcomes.items() if state(o) != "passed"}
        assert wrong == {f"slow{n}" for n in range(0, 18, 3)}
        assert not any(o.record.flags for o in outcomes.values())
        assert all(store.get(j) == outcomes[j.student] for j in jobs)
        assert gone({int(line.split()[0]) for line in notes.read_text().splitlines()})


def test_a_stranger_to_the_key_is_not_let_in(tmp_path, notes, key):
    distributed = pytest.importorskip("distributed")
    certificates.make()
    assert {p.name: oct(p.stat().st_mode)[-3:] for p in (key, *key.iterdir())} == {
        "key": "700", "key.pem": "600", "certificate.pem": "600"
    }  # fmt: skip
    store = Store(tmp_path / "store", "here")
    with distributed.LocalCluster(
        n_workers=1, processes=False, dashboard_address=None,
        security=certificates.security(), protocol="tls://",
    ) as cluster:  # fmt: skip
        address = cluster.scheduler_address
        for other in (None, distributed.Security.temporary()):
            with pytest.raises((OSError, TypeError)):
                distributed.Client(address, security=other, timeout="5s")
        assert state(run([job("ada")], store, scheduler=address)["ada"]) == "passed"


def test_nothing_goes_in_plain_text_unless_that_is_said(tmp_path, notes, key):
    distributed = pytest.importorskip("distributed")
    store = Store(tmp_path / "store", "here")
    with pytest.raises(CourseError, match="python -m course certificates"):
        run([job("ada")], store, scheduler="tls://127.0.0.1:1")
    with distributed.LocalCluster(
        n_workers=1, processes=False, dashboard_address=None, protocol="tcp://"
    ) as cluster:
        address = cluster.scheduler_address
        with pytest.raises(CourseError, match=f"plain:{address} where nobody else"):
            run([job("ada")], store, scheduler=address)
        assert begun(notes) == []
        assert state(run([job("ada")], store, scheduler=f"plain:{address}")["ada"]) == "passed"


def test_dask_is_asked_for_by_name_where_it_is_missing(tmp_path, monkeypatch):
    store = Store(tmp_path / "store", "here")
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(CourseError, match=r"pip install -e '\.\[course,cluster\]'"):
        run([job("ada")], store, scheduler="tcp://127.0.0.1:1")


SBATCH = """\
#!/bin/sh
cp "$1" {log}.sh  # as SLURM does: the script goes as soon as we return
setsid sh {log}.sh > {log} 2>&1 < /dev/null &
echo $! >> {pids}
echo "Submitted batch job $!"
"""
SCANCEL = """\
#!/bin/sh
for job; do kill -TERM -- -"$job" 2>/dev/null; done
true
"""


def test_slurm_is_asked_for_workers_and_told_to_end_them(tmp_path, notes, monkeypatch, key):
    pytest.importorskip("dask_jobqueue")
    import dask

    for name, text in (("sbatch", SBATCH), ("scancel", SCANCEL)):
        script = tmp_path / "bin" / name
        script.parent.mkdir(exist_ok=True)
        script.write_text(text.format(log=tmp_path / "log", pids=tmp_path / "pids"))
        script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), str(HERE)]))
    monkeypatch.chdir(tmp_path)
    store = Store(tmp_path / "store", "here")
    with pytest.raises(CourseError, match=r"jobqueue\.yaml"):
        run([job("ada")], store, scheduler="slurm")
    asked = {"cores": 1, "processes": 1, "memory": "1GB", "interface": "lo"}
    with dask.config.set({f"jobqueue.slurm.{k}": v for k, v in asked.items()}):
        outcomes = run([job("ada"), job("bao", right=False)], store, scheduler="slurm", workers=1)
    assert {s: state(o) for s, o in outcomes.items()} == {"ada": "passed", "bao": "failed"}
    assert gone(map(int, (tmp_path / "pids").read_text().split()))
    assert f"--tls-key {key / 'key.pem'}" in (tmp_path / "log.sh").read_text()


def test_a_dask_worker_with_other_code_is_refused(monkeypatch):
    from course.grading.run import cluster

    with pytest.raises(CourseError, match="other code"):
        cluster.attempt_here(job("ada"), FAKE, False, "another hash")


def test_no_scheduler_is_said(tmp_path, monkeypatch, key):
    distributed = pytest.importorskip("distributed")
    certificates.make()

    def client(*_, **__):
        raise OSError("timed out")

    monkeypatch.setattr(distributed, "Client", client)
    with pytest.raises(CourseError, match=r"no Dask scheduler answers at tls://127\.0\.0\.1:1 "):
        run([job("ada")], Store(tmp_path / "store", "here"), scheduler="tls://127.0.0.1:1")

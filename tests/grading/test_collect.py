"""Whatever a class hands in becomes one clean folder a student; what cannot be taken is noted."""

import io
import json
import os
import stat
import tarfile
import zipfile
from datetime import UTC, datetime

import pytest
from test_intake import MINE, notebook

from course.grading.intake.collect import collect
from course.grading.intake.people import folder_name
from course.grading.intake.receive import LEDGER, receive
from course.paths import CourseError

NAME = "01-x"
GOOD = json.dumps(notebook())
MAY, JUNE = datetime(2026, 5, 1, 12, tzinfo=UTC), datetime(2026, 6, 1, 12, tzinfo=UTC)


def text(source):
    return json.dumps(notebook(source))


def zipped(files, when=MAY, kind=zipfile.ZIP_DEFLATED):
    """A zip's bytes; `files` gives each path its content, or a ZipInfo and content."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", kind) as archive:
        for name, content in files.items():
            info = zipfile.ZipInfo(name, when.astimezone().timetuple()[:6])
            info.compress_type = kind
            if isinstance(content, tuple):
                content, mode = content
                info.external_attr = mode << 16
            archive.writestr(info, content)
    return buffer.getvalue()


@pytest.fixture
def taken(tmp_path):
    """Collects files given as path -> content, as a folder or as a zip; result by student."""

    def take(files, as_zip=False, when=MAY):
        source = tmp_path / f"in-{len(list(tmp_path.iterdir()))}"
        if as_zip:
            source = source.with_suffix(".zip")
            source.write_bytes(files if isinstance(files, bytes) else zipped(files, when))
        else:
            for name, content in files.items():
                path = source / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content if isinstance(content, bytes) else content.encode())
                os.utime(path, (when.timestamp(), when.timestamp()))
        return {c.student: c for c in collect([source], NAME, tmp_path)}

    take.root = tmp_path
    take.held = lambda student: json.loads(
        (tmp_path / "submitted" / student / NAME / f"{NAME}.ipynb").read_text()
    )["cells"][0]["source"]
    take.received = lambda student: receive(tmp_path / "submitted" / student / NAME, NAME)
    return take


WHOSE = {
    "plain": ({"ada.ipynb": GOOD, "bo.ipynb": GOOD}, {"ada", "bo"}),
    "with the assignment": ({"ada_01-x.ipynb": GOOD, "01-x-bo.ipynb": GOOD}, {"ada", "bo"}),
    "numbers": ({"s-101.ipynb": GOOD, "s-102.ipynb": GOOD, "s-103 (1).ipynb": GOOD},
                {"s-101", "s-102", "s-103"}),
    "folders": ({"ada/hw.ipynb": GOOD, "bo/deep/er/hw.ipynb": GOOD}, {"ada", "bo"}),
    "one folder": ({"ada/hw.ipynb": GOOD}, {"ada"}),
    "nbgrader": ({"ada/01-x/01-x.ipynb": GOOD, "ada/01-x/dgm.py": "", "bo/01-x/01-x.ipynb": GOOD},
                 {"ada", "bo"}),
    "one of nbgrader's": ({"ada/01-x/01-x.ipynb": GOOD}, {"ada"}),
    "wrapped": ({"class 3/ada/hw.ipynb": GOOD, "class 3/bo/hw.ipynb": GOOD, "readme.txt": ""},
                {"ada", "bo"}),
    "wrapped loose": ({"01-x/ada.ipynb": GOOD}, {"ada"}),
    "moodle": ({"Ada Lovelace_12345_assignsubmission_file_/hw.ipynb": GOOD,
                "Bo Li_12346_assignsubmission_file/hw.ipynb": GOOD,
                "Bo Li_12346_assignsubmission_onlinetext/onlinetext.html": "<p>"},
               {"Ada-Lovelace", "Bo-Li"}),
    "moodle, one": ({"Ada Lovelace_12345_assignsubmission_file_/hw.ipynb": GOOD}, {"Ada-Lovelace"}),
    "moodle, flat": ({"Ada Lovelace_12345_assignsubmission_file_hw.ipynb": GOOD}, {"Ada-Lovelace"}),
    "two of one name": ({"Bo Li_1_assignsubmission_file_/a.ipynb": GOOD,
                         "Bo Li_2_assignsubmission_file_/a.ipynb": GOOD}, {"Bo-Li-1", "Bo-Li-2"}),
    "canvas": ({"lovelaceada_late_12_345_hw.ipynb": GOOD, "libo_13_346_01-x.ipynb": GOOD},
               {"lovelaceada", "libo"}),
    "canvas, wrapped": ({"submissions/lovelaceada_12_345_hw.ipynb": GOOD}, {"lovelaceada"}),
    "signs": ({"Zoë/a.ipynb": GOOD, "王芳/a.ipynb": GOOD, "O'Neil/a.ipynb": GOOD},
              {"Zoë", "王芳", "ONeil"}),
    "mac": ({"ada/a.ipynb": GOOD, "__MACOSX/ada/._a.ipynb": "x", "ada/.ipynb_checkpoints/b.ipynb": "x",
             ".DS_Store": "x"}, {"ada"}),
    "a zip each": ({"ada.zip": zipped({"hw/01-x.ipynb": GOOD}), "bo/my.zip": zipped({"a.ipynb": GOOD}),
                    "libo_13_346_hw.zip": zipped({"hw.ipynb": GOOD})}, {"ada", "bo", "libo"}),
}  # fmt: skip


@pytest.mark.parametrize("as_zip", [False, True], ids=["folder", "zip"])
@pytest.mark.parametrize("which", WHOSE)
def test_whose_a_file_is(taken, which, as_zip):
    files, students = WHOSE[which]
    got = taken(files, as_zip)
    assert set(got) == students
    for student in students:
        assert (got[student].stored, got[student].reason) == (True, "")
        assert taken.held(student) == MINE
        received = taken.received(student)
        assert received.reason == ""
        assert abs(datetime.fromisoformat(received.received) - MAY).total_seconds() <= 2
        assert {f.kind for f in received.flags} <= {"renamed", "late"}
    made = {p.name for p in (taken.root / "submitted").iterdir()}
    assert made == students | {LEDGER}


def test_late_and_renamed_are_told_to_the_one_who_grades(taken):
    taken(WHOSE["canvas"][0])
    assert {f.kind for f in taken.received("lovelaceada").flags} == {"late", "renamed"}
    assert taken.received("libo").flags == []


def test_of_a_students_notebooks_the_latest_of_the_right_name(taken):
    got = taken({"libo_13_1_01-x.ipynb": text("one"), "libo_13_2_01-x-1.ipynb": text("two"),
                 "libo_13_3_scratch.ipynb": text("no")})  # fmt: skip
    assert taken.held("libo") == "two"
    assert got["libo"].stored


def test_another_assignments_notebook_is_not_taken_for_this_one(taken):
    (taken.root / "solutions" / "02-y").mkdir(parents=True)
    (taken.root / "solutions" / "02-y" / "02-y.py").touch()
    got = taken({"ada/02-y/02-y.ipynb": text("other"), "ada/01-x/01-x.ipynb": GOOD,
                 "bo/02-y/02-y.ipynb": text("other")})  # fmt: skip
    assert set(got) == {"ada"}
    assert taken.held("ada") == MINE


def test_a_later_one_replaces_an_earlier_one_and_not_the_other_way(taken):
    taken({"ada.ipynb": text("june")}, when=JUNE)
    got = taken({"ada.ipynb": text("may")}, when=MAY)
    assert taken.held("ada") == "june"
    assert (got["ada"].stored, "earlier" in got["ada"].reason) == (False, True)
    got = taken({"ada.ipynb": text("late june")}, when=JUNE.replace(day=20))
    assert (taken.held("ada"), got["ada"].stored) == ("late june", True)


def test_one_that_was_put_there_by_hand_is_replaced_only_by_a_later_one(taken):
    path = taken.root / "submitted" / "ada" / NAME / f"{NAME}.ipynb"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"\xff by hand")
    os.utime(path, (JUNE.timestamp(), JUNE.timestamp()))
    assert not taken({"ada.ipynb": GOOD}, when=MAY)["ada"].stored
    assert taken({"ada.ipynb": GOOD}, when=JUNE.replace(day=2))["ada"].stored
    assert taken.held("ada") == MINE


def test_a_broken_one_does_not_replace_a_good_one(taken):
    taken({"ada.ipynb": GOOD}, when=MAY)
    got = taken({"ada.ipynb": "{"}, when=JUNE)
    assert "not JSON" in got["ada"].reason
    assert "2026-05-01" in got["ada"].reason
    assert taken.held("ada") == MINE
    assert taken.received("ada").reason == ""


def test_the_same_again_changes_nothing(taken):
    files = WHOSE["canvas"][0]
    taken(files)
    before = {p: p.read_bytes() for p in (taken.root / "submitted").rglob("*") if p.is_file()}
    assert all(c.stored for c in taken(files).values())
    assert before == {
        p: p.read_bytes() for p in (taken.root / "submitted").rglob("*") if p.is_file()
    }


LINK = stat.S_IFLNK | 0o777
# What is wrong with one of two students' items: the other's is taken all the same.
BAD = {
    "broken": ({"eve/hw.ipynb": "{"}, "not JSON"),
    "no notebook": ({"eve/hw.pdf": "x", "eve/a.docx": "x"}, "got hw.pdf, a.docx"),
    "several": ({"eve/a.ipynb": GOOD, "eve/b.ipynb": GOOD}, "2 notebooks (a.ipynb, b.ipynb)"),
    "link": ({"eve/hw.ipynb": ("/etc/passwd", LINK)}, "is a link"),
    "device": ({"eve/hw.ipynb": ("", stat.S_IFCHR | 0o666)}, "is a link"),
    "too large": ({"eve/hw.ipynb": b"0" * (51 * 2**20)}, "at most 50"),
    "zip in a zip": ({"eve/a.zip": zipped({"b.zip": zipped({"a.ipynb": GOOD})})}, "a zip in a zip"),
    "zip bomb": ({"eve/a.zip": zipped({f"{n}/01-x.ipynb": b"0" * 60 * 2**20 for n in range(3)})},
                 "at most 50"),
    "many in a zip": ({"eve/a.zip": zipped({f"{n}.ipynb": "" for n in range(1100)})}, "over 1,000"),
    "no zip": ({"eve/a.zip": b"PK\x03\x04 not really"}, "no zip that can be read"),
    "link in a zip": ({"eve/a.zip": zipped({"01-x.ipynb": ("/etc/passwd", LINK)})}, "is a link"),
    "out of a zip": ({"eve/a.zip": zipped({"../../bo/01-x/01-x.ipynb": text("evil")})}, "leads out"),
    "rar": ({"eve/a.rar": b"Rar!"}, "archive that is not read"),
}  # fmt: skip


@pytest.mark.parametrize("which", BAD)
def test_what_cannot_be_taken_is_noted_and_the_rest_goes_on(taken, which):
    files, words = BAD[which]
    got = taken({"ada/a.ipynb": GOOD, **files, "zoe/a.ipynb": GOOD}, as_zip=True)
    assert set(got) == {"ada", "eve", "zoe"}
    assert [got[s].stored for s in sorted(got)] == [True, False, True]
    assert words in got["eve"].reason
    assert list((taken.root / "submitted" / "eve" / NAME).iterdir()) == []
    assert words in taken.received("eve").reason
    assert taken.held("ada") == MINE


@pytest.mark.parametrize(
    "path", ["../eve.ipynb", "a/../../eve.ipynb", "/etc/eve.ipynb", "C:\\eve.ipynb", "a\\..\\eve.ipynb"])  # fmt: skip
def test_paths_that_lead_out_are_refused(taken, path):
    got = taken({path: text("evil"), "ada.ipynb": GOOD}, as_zip=True)
    (bad,) = [c for c in got.values() if not c.stored]
    assert "leads out" in bad.reason
    assert got["ada"].stored
    written = {p.name for p in taken.root.rglob("*.ipynb")}
    assert written == {f"{NAME}.ipynb"}
    assert [p.parent.parent.name for p in taken.root.rglob("*.ipynb")] == ["ada"]


def test_a_member_that_is_larger_than_it_says_is_not_read_on(taken):
    raw = zipped({"eve.ipynb": b'"' + b"0" * 10**6 + b'"', "ada.ipynb": GOOD})
    size = (10**6 + 2).to_bytes(4, "little")
    assert raw.count(size) == 2
    got = taken(raw.replace(size, (10).to_bytes(4, "little")), as_zip=True)
    assert got["ada"].stored
    assert not got["eve"].stored


def test_encrypted_members_are_refused(taken):
    raw = bytearray(zipped({"eve.ipynb": GOOD}))
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    assert "encrypted" in taken(bytes(raw), as_zip=True)["eve"].reason


def test_links_in_a_folder_are_refused(taken, tmp_path):
    source = tmp_path / "in"
    (source / "eve").mkdir(parents=True)
    (source / "eve" / "a.ipynb").symlink_to("/etc/passwd")
    (source / "mal").symlink_to(source / "eve")
    (source / "ada.ipynb").write_text(GOOD)
    os.mkfifo(source / "pip.ipynb")
    got = {c.student: c for c in collect([source], NAME, tmp_path)}
    assert got["ada"].stored
    assert "is a link" in got["eve"].reason
    assert "is no file" in got["pip"].reason
    assert not (tmp_path / "submitted" / "mal" / NAME / f"{NAME}.ipynb").exists()


def test_links_where_submissions_are_kept_are_not_written_through(taken):
    outside = taken.root / "outside"
    (outside / NAME).mkdir(parents=True)
    (taken.root / "submitted").mkdir()
    (taken.root / "submitted" / "eve").symlink_to(outside)
    place = taken.root / "submitted" / "ada" / NAME
    place.mkdir(parents=True)
    (place / f".{NAME}.ipynb.part").symlink_to(outside / "part")
    got = taken({"eve.ipynb": GOOD, "ada.ipynb": GOOD})
    assert "is a link" in got["eve"].reason
    assert got["ada"].stored
    assert [p.name for p in outside.rglob("*")] == [NAME]


def test_a_tar_of_the_instructors(taken, tmp_path):
    path = tmp_path / "in.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        for name, kind in (("ada/a.ipynb", tarfile.REGTYPE), ("eve/a.ipynb", tarfile.SYMTYPE),
                           ("mal/a.ipynb", tarfile.LNKTYPE), ("../pip.ipynb", tarfile.REGTYPE)):  # fmt: skip
            info = tarfile.TarInfo(name)
            info.type, info.size, info.mtime = kind, len(GOOD), int(MAY.timestamp())
            info.linkname, info.size = "ada/a.ipynb", len(GOOD) if kind == tarfile.REGTYPE else 0
            archive.addfile(info, io.BytesIO(GOOD.encode()))
    got = {c.student: c for c in collect([path], NAME, tmp_path)}
    assert [s for s, c in got.items() if c.stored] == ["ada"]
    assert "link" in got["eve"].reason
    assert "link" in got["mal"].reason
    assert "leads out" in got[""].reason


def test_sources_that_are_none(tmp_path):
    (tmp_path / "bad.zip").write_bytes(b"no")
    (tmp_path / "bad.tar").write_bytes(b"no")
    (tmp_path / "01-x.ipynb").write_text(GOOD)
    (tmp_path / "ada.ipynb").write_text(GOOD)
    names = ("missing", "bad.zip", "bad.tar", "01-x.ipynb", "ada.ipynb")
    got = collect([tmp_path / n for n in names], NAME, tmp_path)
    said = [c.reason for c in got]
    for reason, words in zip(said, ("there is no", "no zip", "", "whose it is", ""), strict=True):
        assert words in reason
    assert [c.stored for c in got] == [False, False, False, False, True]


def test_a_broken_ledger_is_not_overwritten(taken):
    (taken.root / "submitted").mkdir()
    (taken.root / "submitted" / LEDGER).write_text("{broken")
    with pytest.raises(CourseError, match="move it away"):
        taken({"ada.ipynb": GOOD})


@pytest.mark.parametrize(
    ("name", "folder"),
    [("Ada  Lovelace", "Ada-Lovelace"), ("ada@uni.edu", "ada@uni.edu"), ("..", ""), ("/", ""),
     (".hidden", "hidden-"), ("-rf", "rf-"), ("a+b", "a-b-"), ("a/b", "a-b-"), ("a*?[b]", "a-b-"),
     ("x" * 300, "x" * 50 + "-"), ("$(id)", "id-"), ("王芳", "王芳")],
)  # fmt: skip
def test_names_of_folders_are_safe(name, folder):
    made = folder_name(name)
    assert made == folder or (folder.endswith("-") and made[:-6] == folder)


def test_two_people_never_share_a_folder():
    names = ["a+b", "a b", "a/b", "a*b", "a--b", "a-b-", "x" * 60, "x" * 61, "aö", "ao"]
    assert len({folder_name(n) for n in names}) == len(names)

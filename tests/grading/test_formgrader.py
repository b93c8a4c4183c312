"""formgrader's own server, on a submission that would take over the browser it is graded in."""

import asyncio
import shutil
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup
from jupyter_server.serverapp import ServerApp
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output, new_raw_cell
from nbgrader.api import Gradebook
from nbgrader.server_extensions.formgrader import base
from nbgrader.server_extensions.formgrader.formgrader import load_jupyter_server_extension
from tornado.httpclient import AsyncHTTPClient
from tornado.httpserver import HTTPServer
from tornado.testing import bind_unused_port

from course.grading.review import formgrader
from course.paths import ROOT
from tests.grading import samples
from tests.grading.samples import NAME, graded, record

pytestmark = pytest.mark.xdist_group("feedback")

EVIL = "</pre></script><script>taken()</script><img src=x onerror='taken()'>\"'> taken"
NAMED = '"><script>seized()</script>\\'  # a name, also as part of a path
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
WIDGET = "application/vnd.jupyter.widget-view+json"
KINDS = ["text/html", "text/markdown", "text/latex", "text/plain", "image/svg+xml", "image/jpeg",
         "application/javascript", "text/vnd.mermaid"]  # fmt: skip
STUDENT = "eva <i>"


def hostile():
    notebook = graded(record(), {"sigmoid": f"x = '{EVIL}'"})
    ours = next(c.source for c in notebook.cells if c.cell_type == "markdown")
    code = new_code_cell("print(1)", metadata={"tags": [EVIL], "magics_language": EVIL})
    code.outputs = [new_output("display_data", {kind: EVIL}) for kind in KINDS]
    code.outputs += [
        new_output("display_data", {WIDGET: {"model_id": EVIL}}),
        new_output("display_data", {"image/png": PIXEL + EVIL}),
        new_output("display_data", {"image/png": PIXEL},
                   metadata={"image/png": {"width": EVIL, "alt": EVIL}, "filenames": {"image/png": EVIL}}),
        new_output("stream", text=EVIL),
        new_output("error", ename=EVIL, evalue=EVIL, traceback=[EVIL]),
    ]  # fmt: skip
    marked = {"grade_id": EVIL, "points": EVIL, "grade": True, "solution": True}
    notebook.cells += [
        new_markdown_cell(EVIL),
        new_markdown_cell(ours + "\n\n" + EVIL),
        new_markdown_cell("[x](javascript:taken()) **bold** $\\href{javascript:taken()}{y}$"),
        new_markdown_cell("```mermaid\n" + EVIL + "\n```\n\n$$" + EVIL + "$$"),
        new_markdown_cell("![a](attachment:a)", attachments={"a": {"image/svg+xml": EVIL}}),
        new_markdown_cell("taken", metadata={"dgm_given": True, "nbgrader": marked}),
        new_markdown_cell(f"<b>{EVIL}</b>", metadata={"dgm_given": True}),
        new_raw_cell(EVIL, metadata={"raw_mimetype": "text/html"}),
        new_code_cell(EVIL, metadata={"nbgrader": marked}),
        code,
    ]
    notebook.cells[-1]["id"] = EVIL
    notebook.metadata |= {
        "title": EVIL,
        "language_info": {"name": EVIL, "pygments_lexer": EVIL},
        "widgets": {"application/vnd.jupyter.widget-state+json": {"state": {}, "x": EVIL}},
    }
    return notebook


def plain_attack():
    """A notebook that breaks no rule of the format."""
    notebook = graded(record())
    code = new_code_cell("print(1)", outputs=[new_output("display_data", {"text/html": EVIL})])
    code.outputs += [new_output("display_data", {"application/javascript": EVIL})]
    notebook.cells += [new_markdown_cell(EVIL), new_markdown_cell("**bold** taken"), code]
    return notebook


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    root = tmp_path_factory.mktemp("formgrader")
    samples.make(root, {STUDENT: hostile(), "bao": plain_attack(), "ada": graded(record())})
    with Gradebook(f"sqlite:///{root / 'gradebook.db'}") as book:
        student = book.find_student(STUDENT)
        student.first_name = student.last_name = NAMED
        book.db.commit()
    shutil.copy(ROOT / "nbgrader_config.py", root)
    return root


@pytest.fixture(scope="module")
def pages(root, tmp_path_factory):
    """Pages as formgrader serves them: of the hostile student, of ada, of odd addresses."""
    with Gradebook(f"sqlite:///{root / 'gradebook.db'}") as book:
        ids = {s: book.find_submission_notebook(NAME, NAME, s).id for s in (STUDENT, "ada", "bao")}
    wanted = {s: f"submissions/{key}/" for s, key in ids.items()}
    wanted["student"] = f"manage_students/{quote(NAMED, safe='')}"
    wanted["students"] = "manage_students"
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        for name in ("exporter", "render"):  # as they are before our settings are read
            patch.setattr(base.BaseHandler, name, getattr(base.BaseHandler, name))
        for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_DATA_DIR"):
            patch.setenv(name, str(tmp_path_factory.mktemp("jupyter")))
        return asyncio.run(served(root, wanted))


async def served(root, wanted):
    app = ServerApp()
    options = [f"--ServerApp.root_dir={root}", "--IdentityProvider.token=t", "--allow-root"]
    app.initialize(options, find_extensions=False, new_httpserver=False)
    load_jupyter_server_extension(app)
    server, (socket, port) = HTTPServer(app.web_app), bind_unused_port()
    server.add_socket(socket)
    found = {}
    for name, path in wanted.items():
        reply = await AsyncHTTPClient().fetch(
            f"http://127.0.0.1:{port}/formgrader/{path}", headers={"Authorization": "token t"},
            request_timeout=120, raise_error=False,
        )  # fmt: skip
        found[name] = reply.body.decode()
    server.stop()
    return found


def alive(page, marker):
    """Where `marker` stands in a page in such a way that it is more than text."""
    found = []
    for tag in BeautifulSoup(page, "html.parser").find_all(True):
        found += [f"{tag.name} {k}" for k, v in tag.attrs.items() if marker in f"{k} {v}"]
        if tag.name in ("script", "style", "iframe") and marker in tag.get_text():
            found.append(tag.name)
    return found


# eight Markdown and raw cells, two of code, and what they put out as text
@pytest.mark.parametrize(
    ("student", "times", "words"),
    [("bao", 1, "**bold** taken"),
     (STUDENT, 11, "[x](javascript:taken()) **bold** $\\href")],
)  # fmt: skip
def test_what_a_student_wrote_is_text(pages, student, times, words):
    page = pages[student]
    assert alive(page, "taken") == []
    text = BeautifulSoup(page, "html.parser").get_text()
    assert text.count("<script>taken()</script>") >= times
    assert words in text


def test_it_brings_no_script_picture_or_frame_of_its_own(pages):
    hers, plain = (BeautifulSoup(pages[s], "html.parser") for s in (STUDENT, "ada"))
    for kind in ("script", "iframe", "svg", "object", "embed", "link", "form"):
        assert len(hers.find_all(kind)) == len(plain.find_all(kind)), kind
    assert [i["src"] for i in hers.find_all("img")] == [f"data:image/png;base64,{PIXEL}"]
    assert len(plain.find_all("script")) > 5, "formgrader's own"


def test_formulas_are_not_looked_for_in_it(pages):
    boxes = BeautifulSoup(pages[STUDENT], "html.parser").select("pre.tex2jax_ignore")
    assert len([b for b in boxes if "href" in b.get_text()]) == 1


def test_the_courses_words_are_still_set(pages):
    for student in (STUDENT, "ada"):
        page = BeautifulSoup(pages[student], "html.parser")
        assert page.find("h1") is not None
        assert page.find("summary") is not None, "a hint"
        assert page.find("input", {"id": "fit-hidden", "class": "score"}) is not None
    assert BeautifulSoup(pages["ada"], "html.parser").select("pre.tex2jax_ignore") == []


def test_names_are_text(pages):
    for name in (STUDENT, "student"):
        page = pages[name]
        assert "<script>seized" not in page
        assert "seized" in page
        assert page.count("<i>") == 0
    assert 'var student_id = "&#34;&gt;' in pages["student"]


def test_points_can_still_be_given(pages):
    for student in (STUDENT, "ada"):
        page = BeautifulSoup(pages[student], "html.parser")
        ids = {tag["id"] for tag in page.select("input.score")}
        assert set(samples.points()) <= ids
        assert page.find("textarea", {"id": "fit-comment"}) is not None


def test_without_a_release_all_markdown_is_text(root, tmp_path):
    exporter = formgrader.SubmissionExporter(root=str(tmp_path), template_name="classic")
    page, _ = exporter.from_notebook_node(hostile(), {"assignment_id": NAME})
    assert alive(page, "taken") == []
    assert BeautifulSoup(page, "html.parser").find("summary") is None

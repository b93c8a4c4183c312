"""A class of 12 as the zips that Moodle, Canvas and Gradescope give, made after what is written of them.

Moodle: `mod/assign/classes/downloader.php` (names in the zip), `mod/assign/gradingtable.php` and
`mod/assign/feedback/offline/importgradeslib.php` (the grading worksheet, out and in),
`mod/assign/feedback/file/importziplib.php` (feedback files in a zip).
Canvas: `lib/content_zipper.rb` (names in the zip), `lib/gradebook_importer.rb` (the gradebook's CSV),
`app/models/abstract_assignment.rb`, `infer_comment_context_from_filename` (files handed back).
Gradescope: no document gives the form of `submission_metadata.yml` in "Download Submissions"; taken from
what public programs read in it. The fields of a submission: "Submission Metadata",
gradescope-autograders.readthedocs.io.
"""

import io
import re
import zipfile
from datetime import UTC, datetime

CAME = datetime(2026, 5, 4, 10, 30, tzinfo=UTC)
# Each with the platform's number; two of one name, and names that are nearly one.
PEOPLE = {
    101: "Ada Lovelace", 102: "Bo Li", 103: "Bo Li", 104: "Anna-Maria Rossi", 105: "Anna Maria Rossi",
    106: "Sean O'Brien", 107: "Sean OBrien", 108: "Zoe\u0301 Kraus", 109: "Zo\u00e9 Kraus",
    110: "\u738b \u82b3", 111: "Jos\u00e9 Garc\u00eda-M\u00e1rquez", 112: "Ng",
}  # fmt: skip
LATE = {103, 111}
MAX = 40


def mail(number):
    return f"u{number}@uni.example"


def moodle(books, file="01-x.ipynb"):
    """`Full name_PARTICIPANT_assignsubmission_file/` and the files in it; the online text beside."""
    names = {n: PEOPLE[n].replace("'", "") for n in books}  # `clean_filename` takes the sign out
    files = {f"{names[n]}_{n}_assignsubmission_file/{file}": text for n, text in books.items()}
    files["Bo Li_102_assignsubmission_onlinetext/onlinetext.html"] = "<p>My thoughts.</p>"
    return _zip(files)


def canvas(books, file="01-x.ipynb"):
    """`sortablename[_LATE]_USER_ATTACHMENT_file`, the name lower case and with its letters alone."""
    files = {}
    for n, text in books.items():
        first, _, last = PEOPLE[n].rpartition(" ")
        name = re.sub(r"[^\w]", "", f"{last}, {first}".lower())
        files[f"{name}_{'LATE_' * (n in LATE)}{n}_{n + 7000}_{file}"] = text
    return _zip(files)


def gradescope(books, file="01-x.ipynb"):
    """`assignment_NUMBER_export/submission_NUMBER/`, and what says whose each of them is."""
    top, said, files = "assignment_5501_export", [], {}
    for n, text in books.items():
        files[f"{top}/submission_{n + 88000}/{file}"] = text
        said.append(
            f"submission_{n + 88000}:\n  :submitters:\n  - :name: {PEOPLE[n]}\n    :sid: '{n}'\n"
            f"    :email: {mail(n)}\n  :created_at: {CAME:%Y-%m-%d %H:%M:%S}.452110000 Z\n"
            "  :score: 0.0\n  :status: processed\n"
            "  :results: !ruby/hash:ActiveSupport::HashWithIndifferentAccess\n    tests: []\n"
        )
    files[f"{top}/submission_metadata.yml"] = "---\n" + "".join(said)
    return _zip(files)


def moodle_sheet(people=PEOPLE, most=MAX):
    """The grading worksheet as Moodle gives it out: nobody has a grade."""
    head = ("Identifier", "Full name", "Email address", "Status", "Grade", "Maximum Grade",
            "Grade can be changed", "Last modified (submission)", "Last modified (grade)",
            "Feedback comments")  # fmt: skip
    rows = [
        (f"Participant {n}", name, mail(n), "Submitted for grading - ", "", f"{most:.2f}", "Yes",
         '"Monday, 4 May 2026, 12:30 PM"', "-", "")
        for n, name in people.items()
    ]  # fmt: skip
    return "\ufeff" + "".join(",".join(row) + "\n" for row in (head, *rows))


def canvas_sheet(column="01-x (4711)", most=MAX):
    """The gradebook as Canvas exports it, with an assignment beside ours."""
    rows = ["Student,ID,SIS User ID,SIS Login ID,Section," + column + ",Quiz (4712),Final Score",
            f"    Points Possible,,,,,{most},10,(read only)"]  # fmt: skip
    rows += [f'"{name}",{n},s{n},u{n},Section 1,,7,70' for n, name in PEOPLE.items()]
    return "\n".join(rows) + "\n"


def _zip(files):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in files.items():
            archive.writestr(zipfile.ZipInfo(name, CAME.astimezone().timetuple()[:6]), text)
    return buffer.getvalue()

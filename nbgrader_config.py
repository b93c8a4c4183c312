"""nbgrader's configuration for this course; its commands run from this folder.

Make the environment first (`make book`). What stands behind `course.grading` is described there.
"""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
sys.path.insert(0, str(ROOT))
# nbgrader starts `alembic` by its bare name: let it be found in an environment not activated.
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])

from nbgrader.apps import api, autogradeapp  # noqa: E402
from nbgrader.preprocessors import (  # noqa: E402
    AssignLatePenalties,
    IgnorePattern,
    LimitOutput,
    SaveAutoGrades,
)

from course.grading.autograde import GuardedAutograde, PutOutcome  # noqa: E402
from course.grading.late import LatePolicy  # noqa: E402
from course.grading.review import formgrader  # noqa: E402
from course.release import STAGE, hand_out_after  # noqa: E402
from course.stamp import stamp_release  # noqa: E402

os.environ.setdefault("OMP_NUM_THREADS", "1")  # small problems: more threads only wait

c = get_config()  # noqa: F821  (nbgrader provides it)

c.CourseDirectory.course_id = "dgm"
c.CourseDirectory.root = str(Path.cwd())
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = STAGE
# The text sources hold the solutions: they stay out of the release and of the submissions.
c.CourseDirectory.ignore = [".ipynb_checkpoints", "*.pyc", "__pycache__", "*.py"]

c.ClearSolutions.code_stub = {"python": "raise NotImplementedError  # YOUR CODE HERE"}

# nbgrader empties the folder that it writes a release to. So that is not `exercises`: from here the
# release, which says that it is one, is put there, but never over somebody's work.
c.GenerateAssignment.preprocessors.append(stamp_release)
c.GenerateAssignment.post_convert_hook = hand_out_after

# nbgrader has no plug for what comes before it opens a submission, nor for who runs it: so its
# command, and formgrader's button, are given our converter in the place of theirs.
autogradeapp.Autograde = api.Autograde = GuardedAutograde
# Nothing here executes a notebook, so that even nbgrader's own converter would run none.
c.Autograde.autograde_preprocessors = [
    PutOutcome,
    IgnorePattern,
    LimitOutput,
    SaveAutoGrades,
    AssignLatePenalties,
]

# Where an earlier answer is wrong, those that build on it are tried with the course's in its place:
# what they then earn, as a share of their points. 1: all, 0: none.
c.GuardedAutograde.follow_through = 1.0

# What a late day costs: "none", "points" or "share" of what was earned a day, "zero" for all.
c.AssignLatePenalties.plugin_class = LatePolicy
c.LatePolicy.penalty_method = "none"
c.LatePolicy.points_a_day = 1.0
c.LatePolicy.share_a_day = 0.1
c.LatePolicy.grace_days = 0.0

c.GenerateFeedback.exporter_class = "course.grading.review.feedback.FeedbackExporter"
c.ExportApp.plugin_class = "course.grading.review.grades.GradedExport"

# What a student wrote is shown as text there, for its pages share their origin with Jupyter's own.
formgrader.guard()

"""What this course adds to `nbgrader autograde`, as preprocessors named in `nbgrader_config.py`.

`BeforeChecks` sets each check's seed and leaves out unchanged demo cells; `AfterChecks` puts the
visible seeds back and keeps from the marks what is no error: text on stderr, displayed values.
"""

from pathlib import Path

import nbformat
from nbgrader import utils
from nbgrader.preprocessors import NbGraderPreprocessor

from course.seeds import course_secret, derive, with_seed

SKIP = "skip-execution"


class BeforeChecks(NbGraderPreprocessor):
    """Before a submission runs: seed the checks, skip unchanged demos, and nothing else."""

    def preprocess(self, nb, resources):
        about = resources["nbgrader"]
        folders = self.parent.parent.coursedir  # of the converter that runs this preprocessor
        released = folders.format_path(folders.release_directory, ".", about["assignment"])
        demos = released_demos(Path(released) / f"{about['notebook']}.ipynb")
        secret = course_secret()
        for cell in nb.cells:
            tags = [t for t in cell.metadata.get("tags", []) if t != SKIP]
            if cell.cell_type == "code" and cell.source.strip() in demos:
                tags.append(SKIP)
            cell.metadata["tags"] = tags
            if utils.is_grade(cell):
                cell.metadata["dgm_source"] = cell.source
                seed = derive(secret, about["assignment"], cell.metadata.nbgrader.grade_id)
                cell.source = with_seed(cell.source, seed)
        return nb, resources


class AfterChecks(NbGraderPreprocessor):
    """After it has run: visible seeds again, and only errors count against a check."""

    def preprocess(self, nb, resources):
        for cell in nb.cells:
            cell.metadata["tags"] = [t for t in cell.metadata.get("tags", []) if t != SKIP]
            if "dgm_source" in cell.metadata:
                cell.source = cell.metadata.pop("dgm_source")
            if utils.is_grade(cell) and cell.cell_type == "code":
                cell.outputs = [o for o in cell.outputs if o.output_type != "execute_result"]
                for output in cell.outputs:
                    if output.output_type == "stream":
                        output.name = "stdout"
        return nb, resources


def released_demos(path: Path) -> set[str]:
    """The sources of the demo cells in the released notebook at `path`."""
    if not path.is_file():
        return set()
    released = nbformat.read(path, as_version=4)
    return {c.source.strip() for c in released.cells if "demo" in c.metadata.get("tags", [])}

"""What grading on several machines is kept among friends with: one key, known to all of them.

Every connection of Dask's is encrypted, and both ends show that they hold the key: who does not can
neither listen nor send a scheduler work, which its workers would run.
"""

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

from course.paths import ROOT, CourseError

FOLDER = ROOT / ".dask"  # at the same place on each machine
CERTIFICATE, KEY = "certificate.pem", "key.pem"


def make(folder: Path | None = None) -> Path:
    """A new key and its certificate, good for a year; those that are there are kept."""
    folder = folder or FOLDER
    if (folder / KEY).is_file():
        return folder
    from distributed.security import Security

    try:
        made = Security.temporary()
    except ImportError as problem:
        raise CourseError(f"{problem}: .venv/bin/pip install -e '.[course,cluster]'") from None
    folder.parent.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(prefix=f"{folder.name}.", dir=folder.parent))  # for us alone
    try:
        for name, text in ((CERTIFICATE, made.tls_client_cert), (KEY, made.tls_client_key)):
            with open(
                os.open(part / name, os.O_WRONLY | os.O_CREAT, 0o600), "w", encoding="utf-8"
            ) as file:
                file.write(text)
        part.rename(folder)
    except OSError:
        shutil.rmtree(part, ignore_errors=True)
        raise
    return folder


def security(folder: Path | None = None) -> Any:
    """Dask's settings with that key for a client, a scheduler and workers."""
    from distributed.security import Security

    folder = folder or FOLDER
    if not (folder / KEY).is_file():
        raise CourseError(
            f"grading on other machines needs a key that they share: `python -m course certificates` "
            f"makes one in {folder}; copy that folder to each of them, and to nobody else. "
            "Without encryption: plain:tcp://HOST:8786"
        )
    certificate, key = str(folder / CERTIFICATE), str(folder / KEY)
    roles = ("client", "scheduler", "worker")
    return Security(
        require_encryption=True,
        tls_ca_file=certificate,
        **{f"tls_{role}_cert": certificate for role in roles},
        **{f"tls_{role}_key": key for role in roles},
    )


def commands(folder: Path | None = None) -> list[str]:
    """How a scheduler and a worker are started with it."""
    folder = folder or FOLDER
    options = (
        f"--tls-ca-file {folder / CERTIFICATE} --tls-cert {folder / CERTIFICATE} "
        f"--tls-key {folder / KEY}"
    )
    return [
        f"dask {what} --no-dashboard {options}"
        for what in ("scheduler --protocol tls", "worker tls://HOST:8786")
    ]

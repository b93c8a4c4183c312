"""What stands round a submission while it is graded, and what of it a submission has reached."""

import hashlib
import os
import socket
import sqlite3
import threading
import uuid
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

SECRET = "a secret that only the instructor knows"
LARGE = 50_000_000  # bytes: files above are not hashed


class Listener:
    """A server on this machine's network and two unix sockets that notes what it is told."""

    def __init__(self, path: Path, abstract: str) -> None:
        self.heard: list[str] = []
        self.sockets = [socket.socket(), *(socket.socket(socket.AF_UNIX) for _ in range(2))]
        self.sockets[0].bind(("127.0.0.1", 0))
        self.sockets[1].bind(str(path))
        self.sockets[2].bind(f"\0{abstract}")
        self.port = self.sockets[0].getsockname()[1]
        for s in self.sockets:
            s.listen(64)
            threading.Thread(target=self._listen, args=(s,), daemon=True).start()

    def _listen(self, server: socket.socket) -> None:
        while True:
            try:
                caller, _ = server.accept()
                with caller:
                    caller.settimeout(1)
                    self.heard.append(caller.recv(200).decode(errors="replace"))
            except TimeoutError:
                self.heard.append("a caller that said nothing")
            except OSError:
                return

    def close(self) -> None:
        for s in self.sockets:
            s.close()


@dataclass
class World:
    """The course in `root`; `outside`, a folder of the instructor's; a listener; names."""

    root: Path
    outside: Path
    released: NotebookNode
    home: Path = field(default_factory=Path.home)
    solutions: str = "solutions"  # the course's folder of sources
    run: str = field(default_factory=lambda: "h" + uuid.uuid4().hex[:6])
    secrets: tuple[str, ...] = (SECRET,)  # texts that no output may hold

    def __post_init__(self) -> None:
        self.outside.mkdir(exist_ok=True)
        (self.outside / "canary.txt").write_text("alive\n")
        self.listener = Listener(self.outside / "listener", self.run)

    def mark(self, student: str) -> str:
        """A word that every process, file and message of one submission carries."""
        return self.run + hashlib.sha256(student.encode()).hexdigest()[:6]

    def words(self, student: str) -> dict[str, Any]:
        """What stands for the names in an attack's source."""
        return {
            "MARK": self.mark(student),
            "ROOT": self.root,
            "OUTSIDE": self.outside,
            "PORT": self.listener.port,
            "SOCKET": self.outside / "listener",
            "ABSTRACT": self.run,
            "SOLUTIONS": self.solutions,
        }

    def seal(self) -> None:
        """Note how the folders are that grading must leave as they are."""
        self.sealed = self._hashes()

    def _hashes(self) -> dict[Path, str]:
        folders = [self.root / d for d in ("submitted", self.solutions, "dgm")]
        files = [f for d in folders for f in d.rglob("*") if "__pycache__" not in f.parts]
        return {
            f: hashlib.sha256(f.read_bytes()).hexdigest()
            for f in files
            if f.is_file() and not f.is_symlink() and f.stat().st_size < LARGE
        }

    def reached(self, student: str) -> list[str]:
        """What the submission of `student` has got at that it must not; best, nothing."""
        mark = self.mark(student)
        found = []
        if left := processes(mark):
            found.append(f"left {len(left)} processes running")
        own = self.root / "submitted" / student
        files = [f for f in self.files(mark) if not f.is_relative_to(own)]
        if read := [f for f in files if f.name.startswith("read-")]:
            found.append("read and kept what it must not see")
        if files := [f for f in files if f not in read]:
            found.append("left files: " + ", ".join(sorted({self._place(f) for f in files})))
        if any(mark in text for text in self.listener.heard):
            found.append("reached the network or a socket")
        if (self.outside / "canary.txt").read_text() != "alive\n":
            found.append("changed the instructor's file")
        now = self._hashes()
        if changed := sorted({f.relative_to(self.root).parts[0] for f in {*now} | {*self.sealed}
                              if now.get(f) != self.sealed.get(f)}):  # fmt: skip
            found.append("changed files in " + ", ".join(changed))
        if any(mark in row for row in self.query("select id from student")):
            found.append("changed the gradebook")
        return found + self.shown(student)

    def files(self, mark: str) -> list[Path]:
        """All files whose names hold `mark`."""
        places = [Path(p) for p in ("/tmp", "/var/tmp", "/dev/shm")] + [self.home]
        shallow = [f for p in places for f in p.glob(f"*{mark}*")]
        return shallow + [f for p in (self.root, self.outside) for f in p.rglob(f"*{mark}*")]

    def _place(self, file: Path) -> str:
        if file.is_relative_to(self.root):
            return "the course's folder"
        return "the instructor's" if file.is_relative_to(self.outside) else str(file.parent)

    def shown(self, student: str) -> list[str]:
        """Whether a secret stands in the outputs or the feedback of `student`."""
        import nbformat

        texts = [p.read_text() for p in (self.root / "feedback" / student).rglob("*.html")]
        for path in (self.root / "autograded" / student).rglob("*.ipynb"):
            cells = nbformat.read(path, as_version=4).cells
            texts.append(str([c.get("outputs") for c in cells]))
        return ["showed a secret"] if any(s in t for s in self.secrets for t in texts) else []

    def query(self, sql: str, *values: Any) -> list[Any]:
        """The first column of what the gradebook answers."""
        path = self.root / "gradebook.db"
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as book:
            return [row[0] for row in book.execute(sql, values)]


def processes(mark: str) -> list[int]:
    """The processes on this machine that carry `mark` in their name or arguments."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                text = (entry / "comm").read_bytes() + (entry / "cmdline").read_bytes()
            except OSError:
                continue  # it has just ended
            if mark.encode() in text:
                found.append(int(entry.name))
    return found

"""IPython as a cell's home in the guest: what a cell prints, shows or raises is kept, and cut to size."""

from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Type

TEXT = 200_000  # characters of output that a cell may keep
PICTURE = 3_000_000

Output = dict[str, Any]


class Kept:
    """The outputs of the cell that runs, as nbformat writes them, cut where they are too long."""

    def __init__(self) -> None:
        self.outputs: list[Output] = []
        self.left = TEXT

    def write(self, text: str, name: str = "stdout") -> int:
        part = str(text)[: self.left]
        self.left -= len(part)
        if part:
            last = self.outputs[-1] if self.outputs else {}
            if last.get("name") == name:
                last["text"] += part
            else:
                self.outputs.append({"output_type": "stream", "name": name, "text": part})
            if not self.left:
                self.outputs.append({"output_type": "stream", "name": name, "text": "\n… cut here\n"})  # fmt: skip
        return len(text)

    def show(self, kind: str, data: dict[str, Any]) -> None:
        kept = {}
        for form, most in (("text/plain", min(self.left, TEXT)), ("image/png", PICTURE)):
            if isinstance(found := data.get(form), str) and len(found) <= max(most, 20_000):
                kept[form] = found
                self.left -= len(found) if form == "text/plain" else 0
        if kept and len(self.outputs) < 200:
            more = {"execution_count": None} if kind == "execute_result" else {}
            self.outputs.append({"output_type": kind, "data": kept, "metadata": {}} | more)

    def error(self, name: str, text: str, lines: list[str]) -> None:
        self.outputs.append(
            {"output_type": "error", "ename": name, "evalue": text[:5000],
             "traceback": [line[:5000] for line in lines[-50:]]}
        )  # fmt: skip


class Stream:
    """What stands as `sys.stdout` and `sys.stderr`."""

    encoding = "utf-8"

    def __init__(self, shell: "Shell", name: str) -> None:
        self.shell, self.name = shell, name

    def write(self, text: str) -> int:
        return self.shell.kept.write(text, self.name)

    def writelines(self, lines: Any) -> None:
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        pass

    def isatty(self) -> bool:
        return False

    def fileno(self) -> int:
        return 1 if self.name == "stdout" else 2


class Publisher(DisplayPublisher):
    def publish(self, data: Any, metadata: Any = None, **_: Any) -> None:
        self.shell.kept.show("display_data", data)

    def clear_output(self, wait: bool = False) -> None:
        self.shell.kept.outputs.clear()


class Hook(DisplayHook):
    def write_output_prompt(self) -> None:
        pass

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        self.shell.kept.show("execute_result", format_dict)

    def finish_displayhook(self) -> None:
        pass


class Shell(InteractiveShell):
    kept = Kept()
    displayhook_class = Type(Hook)
    display_pub_class = Type(Publisher)

    def init_io(self) -> None:
        pass

    def enable_gui(self, gui: Any = None) -> None:
        """There is none; `%matplotlib inline` asks for it and must not fail."""

    def _showtraceback(self, etype: Any, evalue: Any, stb: Any) -> None:
        self.kept.error(getattr(etype, "__name__", "Error"), str(evalue), list(stb))

"""Attacks on the kernel and on how outputs become marks: zero for that answer, and a flag."""

from collections.abc import Callable

from nbformat.v4 import new_output

from hostile.case import attack, case, cell

TRANSFORM = "AST and input transformers"
HOOKS = "patched `do_execute`, `showtraceback`, custom exception handlers"
SHOWN = "`sys.displayhook` of a number, NaN, 1e9"
FLAG = ("kernel",)
WRONG = "def sigmoid(z):\n    return z * 0 + 0.5"


def tagged(source: str, tag: str = "skip-execution") -> Callable:
    def edit(notebook):
        cell(notebook, "sigmoid").source = source
        for kind in ("check", "hidden"):
            cell(notebook, f"sigmoid-{kind}").metadata["tags"] = [tag]

    return edit


def with_outputs(notebook):
    """A check's cell that brings outputs of its own, as a marked one would have them."""
    cell(notebook, "sigmoid").source = WRONG
    for kind in ("check", "hidden"):
        check = cell(notebook, f"sigmoid-{kind}")
        check.outputs = [new_output("execute_result", {"text/plain": "2.0"}, execution_count=1)]
        check.metadata["tags"] = ["raises-exception"]


case("skip-tag", "`skip-execution`", "The checks of an answer that is not there carry the tag `skip-execution`.",
     loses=("sigmoid",), edit=tagged(""), flags=("tags",))  # fmt: skip
case("raises-tag", "`skip-execution`", "The checks carry `raises-exception`, with an answer that is wrong.",
     loses=("sigmoid",), edit=tagged(WRONG, "raises-exception"))  # fmt: skip
case("outputs-brought", "`skip-execution`", "The checks' cells bring a mark of their own as an output.",
     loses=("sigmoid",), edit=with_outputs)  # fmt: skip
attack(
    "ast-transformer",
    TRANSFORM,
    "Takes every assertion out of the cells that follow.",
    """
    import ast

    class Kind(ast.NodeTransformer):
        def visit_Assert(self, node):
            return ast.copy_location(ast.Pass(), node)
        visit_Raise = visit_Assert
        def visit_Expr(self, node):
            return ast.copy_location(ast.Pass(), node)

    get_ipython().ast_transformers.append(Kind())

    def sigmoid(z):
        return z * 0 + 0.5
    """,
    flags=FLAG,
)
attack(
    "input-transformer",
    TRANSFORM,
    "Empties every cell that follows and has a seed in it.",
    f"""
get_ipython().input_transformers_post.append(
    lambda lines: [] if any("SEED" in line for line in lines) else lines)

{WRONG}
""",
    flags=FLAG,
)
attack(
    "compile-patched",
    TRANSFORM,
    "Whatever is compiled from now on loses its assertions.",
    """
    import builtins, re
    real = builtins.compile

    def kind(source, *a, **k):
        if isinstance(source, str):
            source = re.sub("assert(?!_)", "print and", source)
        return real(source, *a, **k)

    builtins.compile = kind
    ip = get_ipython()
    run = ip.run_cell_async
    async def kinder(raw_cell, *a, **k):
        return await run("pass" if "SEED" in raw_cell else raw_cell, *a, **k)
    ip.run_cell_async = kinder
    ip.should_run_async = lambda *a, **k: True

    def sigmoid(z):
        return z * 0 + 0.5
    """,
    flags=FLAG,
)
attack(
    "do-execute",
    HOOKS,
    "The kernel answers that all went well and does nothing.",
    f"""
async def do_execute(code, silent, **more):
    return {{"status": "ok", "execution_count": 1, "payload": [], "user_expressions": {{}}}}

async def with_all(code, silent, store_history=True, user_expressions=None, allow_stdin=False,
                   *, cell_meta=None, cell_id=None):
    return await do_execute(code, silent)

get_ipython().kernel.do_execute = with_all
{WRONG}
""",
    flags=FLAG,
)
QUIET = """
    import sys

    def quiet(self, etype, value, tb, tb_offset=None):
        frame = sys._getframe()
        while frame:
            result = frame.f_locals.get("result")
            if hasattr(result, "error_in_exec"):
                result.error_in_exec = None
            frame = frame.f_back
"""
attack("show-traceback", HOOKS, "Errors are not shown, and not told.", QUIET + """
    ip = get_ipython()
    ip.showtraceback = lambda *a, **k: quiet(ip, None, None, None)

    def sigmoid(z):
        return z * 0 + 0.5
    """, flags=FLAG)  # fmt: skip
attack("custom-handler", HOOKS, "A handler of its own takes every exception.", QUIET + """
    get_ipython().set_custom_exc((BaseException,), quiet)

    def sigmoid(z):
        return z * 0 + 0.5
    """, flags=FLAG)  # fmt: skip
attack(
    "excepthook",
    HOOKS,
    "Python's own hooks for errors end the process as if all were well.",
    f"""
import os, sys, threading
sys.excepthook = sys.unraisablehook = threading.excepthook = lambda *a: os._exit(0)
{WRONG}
""",
    flags=FLAG,
)
attack(
    "quiet-exit",
    "`sys.displayhook` of a number, NaN, 1e9",
    "Leaves a check by sys.exit, with warnings turned off.",
    """
    import sys, warnings
    warnings.simplefilter("ignore")

    def sigmoid(z):
        sys.exit(0)
    """,
)


def displays(id: str, says: str, value: str) -> None:
    attack(id, SHOWN, says, f"import sys\n\ndef sigmoid(z):\n    sys.displayhook({value})\n"
           "    return z * 0 + 0.5", flags=("display",))  # fmt: skip


displays("shows-number", "Displays the number 1 when it is called.", "1.0")
displays("shows-nan", "Displays NaN when it is called.", "float('nan')")
displays("shows-much", "Displays 1e9 when it is called.", "1e9")
displays("shows-text", "Displays a text when it is called.", "'full marks'")
attack(
    "shows-by-display",
    SHOWN,
    "Publishes a result and a page of script through IPython's display.",
    """
    from IPython.display import HTML, Javascript, display

    def sigmoid(z):
        display(HTML("<script>document.title='$MARK'</script>"), Javascript("alert(1)"))
        get_ipython().displayhook(2.0)
        return z * 0 + 0.5
    """,
    flags=("display",),
)
FORGED = "forged kernel messages"
attack(
    "forged-result",
    FORGED,
    "Sends a result on the kernel's own socket.",
    """
    def sigmoid(z):
        k = get_ipython().kernel
        content = {"data": {"text/plain": "nan"}, "metadata": {}, "execution_count": 1}
        k.session.send(k.iopub_socket, "execute_result", content, parent=k.get_parent())
        return z * 0 + 0.5
    """,
    flags=FLAG,
)
attack(
    "forged-frames",
    FORGED,
    "Writes messages that say `passed` into every open file and socket.",
    """
    import json, os, struct

    def sigmoid(z):
        said = {"state": "passed", "points": 1e9, "checks": {"sigmoid-check": {"state": "passed"}}}
        text = json.dumps(said).encode()
        for fd in range(3, 256):
            try:
                os.set_blocking(fd, False)
                for head in (struct.pack("<I", len(text)), struct.pack(">Q", len(text)), b"", b"\\n"):
                    os.write(fd, head + text + b"\\n")
            except OSError:
                pass
        return z * 0 + 0.5
    """,
)
attack(
    "garbage-frames",
    FORGED,
    "Writes noise, and promises of endless messages, into every open file and socket.",
    """
    import os

    def sigmoid(z):
        for fd in range(3, 256):
            try:
                os.set_blocking(fd, False)
                os.write(fd, b"\\xff" * 4096)
                os.write(fd, os.urandom(65536))
            except OSError:
                pass
        return z * 0 + 0.5
    """,
)
attack(
    "stolen-frames",
    FORGED,
    "Reads from every open file and socket what is meant for others.",
    """
    import os, threading

    def drain(fd):
        try:
            while data := os.read(fd, 65536):
                if b" ".join((b"wrong in the", b"tails")) in data:
                    open("$OUTSIDE/read-$MARK", "wb").write(data)
        except OSError:
            pass

    for fd in [0, *range(3, 64)]:
        threading.Thread(target=drain, args=(fd,), daemon=True).start()

    def sigmoid(z):
        return z * 0 + 0.5
    """,
)
attack(
    "checks-imported",
    FORGED,
    "Replaces, by whatever name, what runs and marks the checks.",
    f"""
import gc, sys
for name, module in list(sys.modules.items()):
    if name.split(".")[0] in ("course", "nbgrader", "nbclient", "guest", "channel", "bridge"):
        for key in list(vars(module)):
            try:
                setattr(module, key, lambda *a, **k: None)
            except (AttributeError, TypeError):
                pass
{WRONG}
""",
)

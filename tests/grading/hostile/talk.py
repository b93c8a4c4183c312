"""Answers that speak to the judge past the bridge's own code: lost, flagged, and no other is."""

from hostile.case import attack

FORGED, SLOW = "forged messages to the judge", "a dripping answer"
FIND = """
import gc, time

def talk():
    return next(o for o in gc.get_objects() if type(o).__name__ == "Channel")
"""


def says(id: str, says: str, body: str, at_once: bool = False, item: str = FORGED) -> None:
    """Add an attack that sends something when it is called, or when its cell is run."""
    lines = "\n".join(f"    {line}" for line in body.strip().splitlines())
    source = f"{FIND}\ndef strike():\n{lines}\n"
    call = "strike()\n" if at_once else ""
    message = "(?i)grader" if item == FORGED else "(?i)longer than"
    attack(id, item, says, f"{source}\n{call}def sigmoid(z):\n    strike()\n    return z * 0 + 0.5\n",
           flags=("killed",), message=message)  # fmt: skip


says("forges-empty-tensor", "Sends a tensor without its data, to read what lies in the judge's memory.",
     "talk().send({'value': ['T', 'g1', 'float64', [100_000], b'', False, True, False, None], 'sync': []})")  # fmt: skip
says("forges-huge-tensor", "Sends 60 bytes that say that they are a tensor of 5 GB.",
     "talk().send({'value': ['T', 'g1', 'float64', [600_000_000], b'', False, True, False, None], 'sync': []})")  # fmt: skip
says("forges-state", "Sends a state for the generator that the judge draws from.",
     "talk().send({'value': 1, 'sync': [['rng', b'0' * 5056]]})")  # fmt: skip
says("forges-lists", "Sends a message of 60 million empty lists.",
     "body = b'\\xdd' + (6 * 10**7).to_bytes(4, 'big') + b'\\x90' * (6 * 10**7)\n"
     "talk().end.sendall(len(body).to_bytes(8, 'big') + body)")  # fmt: skip
says("forges-outputs", "Says that its cell's outputs are a number.", "talk().send({'outputs': 5})", at_once=True)  # fmt: skip
DRIP = """
end = talk().end
end.sendall((10**6).to_bytes(8, 'big'))
for _ in range(10**6):
    end.sendall(b'\\xc0')
    time.sleep(0.5)
"""
says("drips-when-called", "Answers a call one byte in half a second.", DRIP, item=SLOW)
says("drips-at-once", "Lets the end of its cell be known one byte in half a second.", DRIP, at_once=True, item=SLOW)  # fmt: skip
says("asks-for-ever", "Asks the judge for what it was lent, again and again.",
     "while True:\n"
     "    talk().send({'op': 'len', 'parts': ['j1'], 'sync': [], 'grad': True})\n"
     "    talk().receive()", item=SLOW)  # fmt: skip

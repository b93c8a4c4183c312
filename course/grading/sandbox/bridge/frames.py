"""A message's bytes measured before anything is made of them: what it holds, how much, how deep.

msgpack's lengths are claims. `measure` walks over the bytes and makes no object, so that what is
unpacked afterwards is at most some 100 bytes for each of `MOST` items, and the bytes themselves.
"""

from course.grading.sandbox.bridge.gone import Forged

MOST = 1_000_000  # items in a message: numbers, texts, lists
DEEP = 200  # lists in lists; a value's dicts are three each
_FIXED = {0xC0: 0, 0xC2: 0, 0xC3: 0, 0xCA: 4, 0xCB: 8, 0xCC: 1, 0xCD: 2, 0xCE: 4, 0xCF: 8, 0xD0: 1,
          0xD1: 2, 0xD2: 4, 0xD3: 8}  # fmt: skip
_BYTES = {0xC4: 1, 0xC5: 2, 0xC6: 4, 0xD9: 1, 0xDA: 2, 0xDB: 4}  # head: bytes of the length
_LISTS = {0xDC: (2, 1), 0xDD: (4, 1), 0xDE: (2, 2), 0xDF: (4, 2)}  # and items for each


def measure(data: bytes | bytearray) -> None:
    """Raise `Forged` where `data` is not one whole message within the limits."""
    size, place, items, open_ = len(data), 0, 0, [1]
    while open_:
        if not open_[-1]:
            open_.pop()
            continue
        open_[-1] -= 1
        items += 1
        if items > MOST:
            raise Forged(f"more than {MOST} items in a message")
        if place >= size:
            raise Forged("a message that ends too early")
        head = data[place]
        place += 1
        if head < 0x80 or head >= 0xE0:
            continue
        inside = -1
        if head < 0xA0:
            inside = (head & 15) * (2 if head < 0x90 else 1)
        elif head < 0xC0:
            place += head & 31
        elif head in _FIXED:
            place += _FIXED[head]
        elif head in _BYTES:
            wide = _BYTES[head]
            place += wide + int.from_bytes(data[place : place + wide], "big")
        elif head in _LISTS:
            wide, each = _LISTS[head]
            inside = int.from_bytes(data[place : place + wide], "big") * each
            place += wide
        else:
            raise Forged(f"a message with a {head:#x}, which nobody sends")
        if inside > size - place or place > size:
            raise Forged("a message that announces more than it holds")
        if inside >= 0:
            open_.append(inside)
            if len(open_) > DEEP:
                raise Forged(f"a message more than {DEEP} lists deep")
    if place != size:
        raise Forged("a message with something behind it")

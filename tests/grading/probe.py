"""Starts guests and lets each try things; prints what came of it, as JSON. Its argument: the cells."""

import json
import sys

from course.grading.sandbox.zygote import Zygote

if __name__ == "__main__":
    zygote, said = Zygote([], []), []
    for cell in json.loads(sys.argv[1]):
        guest = zygote.start()
        outputs = guest.run(cell, 120)
        guest.stop()
        said.append("".join(o.get("text", o.get("evalue", "")) for o in outputs))
    zygote.close()
    print(json.dumps(said))

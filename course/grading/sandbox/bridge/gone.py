"""How a talk ends before its time. No `except Exception` of a check stops one of these."""


class Gone(BaseException):
    """The other side is dead, hangs, or says what is no message."""


class TimedOut(Gone):
    """The other side has taken longer than it may."""


class Dripping(TimedOut):
    """It has begun a message and did not end it in time: no answer does that, and no machine."""


class Forged(Gone):
    """It has sent what the bridge's own code never sends."""

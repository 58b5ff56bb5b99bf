"""The control API under /_sandbox: look at everything, and make things happen.

control.py   the calls there are, and how they are answered
look.py      what one may look at
happen.py    what one may make happen
asked.py     what a call may say, and what is said of a call that is wrong
"""

from hub.sandbox.control.control import INDEX, Control

__all__ = ["INDEX", "Control"]

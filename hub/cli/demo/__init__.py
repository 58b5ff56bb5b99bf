"""`hub demo`: played vendors, a hub beside them, and what happens between them, told line by line.

command.py     begins and ends it           child.py   the hub, in a process that may be killed
place.py       its settings and flows       first_sync.py   what a person does on the first day
vendors.py     what is played, and where    ports.py   which ports it takes
stage.py       what is shown, and when      story.py   a change, and all that comes of it
line.py        a story as a line            days.py    the mornings of the played world
"""

from hub.cli.demo.command import demo

__all__ = ["demo"]

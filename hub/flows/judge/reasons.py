"""What a person is asked about, and the words that answer it.

A reason stands before what is in the inbox; a choice is what can be answered, and begins with one
of these words.
"""

from __future__ import annotations

from typing import Final

CONFLICT, PROPOSAL, NEWCOMER, GONE = "conflict", "proposal", "newcomer", "gone"
DUPLICATE = "duplicate"
"""Two records claim one place in a link."""
ALIKE: Final = "alike"
"""What was to be made may be there already: found at the vendor, right before it was made."""
REFUSED = "refused"
"""A vendor did not take what was sent; why not follows: `refused: data`."""
RESTLESS = "restless"
"""What was written is written otherwise, again and again."""
FAULT = "fault"
"""A flow stumbled over an event."""
ADOPTED: Final = "adopted"
"""What was to be made was there: made by somebody else, or by a hub that the log has forgotten."""
BLIND: Final = "blind"
"""Nothing at the vendor tells whether it was done, so it is never simply tried again."""
BOTH: Final = "both"
"""What is asked of two who are the same, and each in a link of its own; no reason by itself."""

CREATE, LEAVE, UNLINK, SKIP = "create", "leave", "unlink", "skip"
RETRY, EDIT = "retry", "edit"
LINK, TAKE = "link", "take"
"""Such a choice goes on to name somebody."""

WITH: Final = "with"
"""In the data of an item about two who are the same: the other of the two."""
ANEW = "anew"
"""In the data of an item about what was made once, and is gone."""
CHOICE = "choice"
"""What a person chose is kept under this name beside the item's own data."""

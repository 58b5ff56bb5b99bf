"""What operators do: acts that append events under their name, and go the way of everything else.

install.py  put flows in force            review.py  have records judged as they are known
act.py      who acts, and how that is said
"""

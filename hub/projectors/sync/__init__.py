"""The sync projector: four folds under one position, applied one after the other to each event.

records     what each record says            decisions   what the flows concluded, and the inbox
links       which records are the same       deliveries  what is owed, and how it stands

fold      all of them as one                 ahead       what most events need, brought first
conclude  what flows concluded, taken in     answer      what came of a write; again: sent anew
owing     to whom what is owed               finding     by what records are found, kept true
shelf     rows of one table that are here    *_rows      what the tables hold
said      what was concluded, as events      links_said  what is said of links
at_hand   what is to be moved is here        refused     what a person is asked of a refusal
moved     how one delivery moves

A fold reads only what the folds before it made of this event, or any of earlier ones. Beside them
stand `keys` (by what records are found) and `world` (all of it, as a judge may ask it). Flows judge
an event when all folds have applied it, live only; what they conclude holds from there on.
"""

from hub.projectors.sync.fold import Sync, SyncFold

__all__ = ["Sync", "SyncFold"]

-- The partitions of the log, the oldest first; `until` is the first position that one does not hold.
select name, first, until from partitions order by first

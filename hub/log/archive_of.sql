-- The archive that holds the event at $1.
select first, last, file, digest from archives where $1 between first and last

-- Where the archive that holds the event before $1 begins.
select first from archives where $1 - 1 between first and last

-- The position of the last event, 0 for an empty log.
select coalesce((select position from events order by position desc limit 1),
                (select max(last) from archives), 0)

-- The last link among the events before $1 that are not archived.
select position, link
from events
where position < $1 and link is not null
order by position desc
limit 1

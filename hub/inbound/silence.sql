-- The roads of the connection $1 that are silent, or were said to be; one by which the vendor tells
-- is, once it did not tell of $2 changes in a row. None while the roads' projector is behind.
select kind, road, overdue_at, unheard, silent,
       coalesce(overdue_at < now(), false) or unheard >= $2 as is_silent
from roads
where connection = $1
  and (overdue_at < now() or unheard >= $2 or silent is not null)
  and not exists (
      select from events
      where position = (select position from projectors where name = 'roads') + 1
        and recorded_at < now() - interval '5 s'
  )

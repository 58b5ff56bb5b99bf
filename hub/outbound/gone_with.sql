-- Which of the ids $3 a record of the connection $1 and kind $2 named that is gone by now: what stood
-- within it went with it. That is asked seldom, so no index is kept for it: all that are gone are read.
select id
from unnest($3::text[]) as wanted (id)
where exists (
    select from records
    where connection = $1 and kind = $2 and gone is not null
      and position(convert_to('"' || id || '"', 'utf8') in fields) > 0
)

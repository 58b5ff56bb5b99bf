-- The day that it is at the connections $1.
select connection, day, zone, since
from days
where connection = any($1::text[])

-- The next records that are there: $1 connection, $2 kind, $3 the last before them, $4 how many.
-- Leans on the primary key.
select record
from records
where connection = $1 and kind = $2 and record > $3 and gone is null and position > 0
order by record
limit $4
